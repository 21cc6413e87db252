//! Columns of Parquet files.

use std::sync::Arc;

use anyhow::{Context, Result};
use parquet::data_type::DataType;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::Type;

/// The names of a file's columns.
pub fn names_of(file: &ParquetMetaData) -> Vec<&str> {
    let fields = file.file_metadata().schema().get_fields();
    fields.iter().map(|field| field.name()).collect()
}

/// The columns of these names, in the file's order, to be read alone.
///
/// # Errors
///
/// If there is no column of a name.
pub fn project(file: &ParquetMetaData, names: &[&str]) -> Result<Type> {
    let schema = file.file_metadata().schema();
    for name in names {
        let known = names_of(file);
        known.contains(name).then_some(()).with_context(|| {
            format!("there is no column {name}; there are {}", known.join(", "))
        })?;
    }
    let fields = schema.get_fields().iter();
    let fields = fields
        .filter(|field| names.contains(&field.name()))
        .cloned();
    Ok(Type::group_type_builder(schema.name())
        .with_fields(fields.collect::<Vec<Arc<Type>>>())
        .build()?)
}

/// Writes the cells of a column; `None` is null. `required` says that the column has no nulls.
///
/// # Errors
///
/// If the column cannot be written.
pub fn write_cells<T: DataType>(
    column: &mut SerializedColumnWriter,
    cells: impl Iterator<Item = Option<T::T>>,
    required: bool,
) -> Result<()> {
    let cells: Vec<Option<T::T>> = cells.collect();
    // 1 for a value that is known, 0 for null
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let levels = (!required).then_some(&levels[..]);
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, levels, None)?;
    Ok(())
}
