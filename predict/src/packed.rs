//! Files that hold others, or tables, in ways that are not read here.

/// What a file is by its first bytes, if it is packed in a way that is not read here.
pub fn packed_as(start: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "a ZIP archive, such as an Excel workbook"),
        (b"\x1F\x8B", "packed by gzip"),
        (b"BZh", "packed by bzip2"),
        (b"\xFD7zXZ\0", "packed by xz"),
        (b"\x28\xB5\x2F\xFD", "packed by zstd"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"PAR1", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
    ];
    let kind = KINDS.iter().find(|(first, _)| start.starts_with(first));
    kind.map(|(_, kind)| *kind)
}
