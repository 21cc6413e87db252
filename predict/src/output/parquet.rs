//! A folder of Parquet files, which other programs read as one table.

mod column;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use marquee_models::file::Metadata;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use super::Row;
use crate::files::write_with;
use column::{Column, columns};

/// Rows of a file.
const ROWS: usize = 10_000;

pub(crate) struct Parquet {
    folder: PathBuf,
    /// How many files there are.
    parts: usize,
    columns: Vec<Column>,
    schema: TypePtr,
    properties: Arc<WriterProperties>,
    /// Those that are not written yet.
    rows: Vec<Row>,
}

impl Parquet {
    /// Makes the folder, or finds the files of an earlier run in it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or read, or has other Parquet files: a reader would take all for one table.
    pub(super) fn new(folder: &Path, metadata: &Metadata, features: bool) -> Result<Parquet> {
        let cannot = || format!("cannot make the folder {}", folder.display());
        fs::create_dir_all(folder).with_context(cannot)?;
        let compressed = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let columns = columns(metadata, features)?;
        let kinds = columns.iter().map(|column| Arc::clone(&column.kind));
        let schema = Type::group_type_builder("answers").with_fields(kinds.collect());
        let mut parquet = Parquet {
            folder: folder.to_owned(),
            parts: 0,
            schema: Arc::new(schema.build()?),
            columns,
            properties: Arc::new(compressed.build()),
            rows: Vec::new(),
        };
        while parquet.path(parquet.parts).exists() {
            parquet.parts += 1;
        }
        let parts = parquet.paths();
        let files = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let shown = folder.display();
        for file in files.with_context(|| format!("cannot read the folder {shown}"))? {
            let path = file.path();
            let table = path
                .extension()
                .is_some_and(|it| it.eq_ignore_ascii_case("parquet"));
            if table && !parts.contains(&path) {
                let name = file.file_name();
                bail!(
                    "{shown} has Parquet files that are no answers of an earlier run, such as {}; name another --out",
                    name.display()
                );
            }
        }
        Ok(parquet)
    }

    /// How many files there are.
    pub(super) fn parts(&self) -> usize {
        self.parts
    }

    /// The files that there are, in their order.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        (0..self.parts).map(|part| self.path(part)).collect()
    }

    /// What each file's columns are, those of groups included.
    pub(super) fn schema(&self) -> SchemaDescriptor {
        SchemaDescriptor::new(Arc::clone(&self.schema))
    }

    fn path(&self, part: usize) -> PathBuf {
        self.folder.join(format!("part-{part:05}.parquet"))
    }

    pub(super) fn write(&mut self, row: Row) -> Result<()> {
        self.rows.push(row);
        match self.rows.len() {
            ROWS => self.write_part(),
            _ => Ok(()),
        }
    }

    /// `whole` is whether all rows are there: without any there is still a table.
    pub(super) fn finish(mut self, whole: bool) -> Result<()> {
        match self.rows.is_empty() && (self.parts > 0 || !whole) {
            true => Ok(()),
            false => self.write_part(),
        }
    }

    /// Writes a file that is complete or absent.
    fn write_part(&mut self) -> Result<()> {
        let (schema, properties) = (Arc::clone(&self.schema), Arc::clone(&self.properties));
        write_with(&self.path(self.parts), |file| {
            let mut writer = SerializedFileWriter::new(file, schema, properties)?;
            let mut group = writer.next_row_group()?;
            for write in self.columns.iter().flat_map(|column| &column.cells) {
                let column = group.next_column()?;
                let mut column = column.context("the table has too few columns")?;
                write(&self.rows, &mut column)?;
                column.close()?;
            }
            group.close()?;
            writer.close()?;
            Ok(())
        })?;
        self.parts += 1;
        self.rows.clear();
        Ok(())
    }
}
