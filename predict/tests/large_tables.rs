//! Memory, in a program of its own: other tests would need some at the same time.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use marquee_predict::columns::write_cells;
use marquee_predict::posters::{Names, Posters};
use parquet::data_type::ByteArrayType;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// The size of a poster, in MB, and how many there are.
const SIZE: usize = 1;
const POSTERS: usize = 200;

/// The most memory that this process has held, in MB.
fn most() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let number: usize = number.and_then(|it| it.parse().ok()).expect("a number");
    number >> 10
}

/// A table of posters in one group of rows.
fn table(path: &Path) {
    let schema = parse_message_type("message posters { required binary image; }");
    let schema = Arc::new(schema.expect("a schema"));
    let file = File::create(path).expect("it can be made");
    let plain = WriterProperties::builder().set_dictionary_enabled(false);
    let writer = SerializedFileWriter::new(file, schema, Arc::new(plain.build()));
    let mut writer = writer.expect("it can be begun");
    let mut rows = writer.next_row_group().expect("a group");
    let column = rows.next_column().expect("it can be written");
    let mut column = column.expect("a column");
    for poster in 0..POSTERS {
        let bytes = vec![poster as u8; SIZE << 20].into();
        write_cells::<ByteArrayType>(&mut column, std::iter::once(Some(bytes)), true)
            .expect("it can be written");
    }
    column.close().expect("likewise");
    rows.close().expect("likewise");
    writer.close().expect("it can be ended");
}

#[test]
fn a_table_of_large_posters_is_not_held_as_a_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("posters.parquet");
    table(&path);
    let before = most();
    let posters = Posters::find(&[path], &Names::default()).expect("it is a table");
    let mut read = 0;
    let each = posters.each(&mut |poster| {
        read += poster.read().expect("it is there").len() >> 20;
        Ok(())
    });
    each.expect("it is whole");
    assert_eq!(read, SIZE * POSTERS);
    let more = most() - before;
    assert!(more < SIZE * POSTERS / 3, "{more} MB were held");
}
