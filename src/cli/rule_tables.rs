//! What `rules` prints: the effective rules as tables.

use anyhow::Context as _;
use cloudspells::Table;
use cloudspells::prove::FORMAT_VERSION;
use serde::Serialize;
use std::fmt::Write as _;

/// How tables are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    Table,
    Markdown,
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    tables: &'a [Table],
}

/// The tables that have rules; of JSON all.
pub fn print(tables: &[Table], format: TableFormat) -> anyhow::Result<String> {
    let filled = tables.iter().filter(|table| !table.rules.is_empty());
    Ok(match format {
        TableFormat::Table => filled.map(plain).collect::<Vec<_>>().join("\n"),
        TableFormat::Markdown => filled.map(|table| table.markdown().to_string()).collect::<Vec<_>>().join("\n"),
        TableFormat::Json => {
            let document = Document { format_version: FORMAT_VERSION, tables };
            serde_json::to_string_pretty(&document).context("cannot write the rules as JSON")? + "\n"
        }
    })
}

/// A table in columns.
fn plain(table: &Table) -> String {
    let (head, rows) = table.cells();
    let head = head.map(str::to_uppercase);
    let lines: Vec<[&str; 4]> = [head.each_ref().map(String::as_str)].into_iter().chain(rows).collect();
    let mut widths = [0; 4];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = format!("{} ({})\n", table.title(), table.address);
    for line in lines {
        let cells: Vec<_> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
    text
}
