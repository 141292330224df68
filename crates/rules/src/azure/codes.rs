//! The numbered errors of the service: reference "errors" 7, in a table beside this file.

use super::Code;
use std::sync::LazyLock;

/// By number.
pub(super) static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    let rows = include_str!("codes.tsv").lines().skip(1);
    rows.filter_map(read).collect()
});

fn read(row: &'static str) -> Option<Code> {
    let mut cells = row.split('\t');
    let (code, message, when) = (cells.next()?, cells.next()?, cells.next()?);
    Some(Code { code, message, when, rules: cells.next().unwrap_or_default().split_whitespace().collect() })
}

/// The numbers in a text, with their places. The bare word `AADB2C` is none.
pub(super) fn find_all(text: &str) -> impl Iterator<Item = (usize, &'static Code)> {
    text.match_indices("AADB2C").filter_map(|(at, word)| {
        let code = text.get(at..at + word.len() + 5)?;
        Some((at, CODES.iter().find(|it| it.code == code)?))
    })
}
