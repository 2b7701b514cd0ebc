//! Lists that go on page by page: one row more than a page has tells whether there is another page.

/// How many rows a page has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSize(u32);

impl PageSize {
    /// As many as wanted, at least one and at most `most`.
    pub(crate) fn new(wanted: u32, most: u32) -> Self {
        Self(wanted.clamp(1, most))
    }

    /// So many rows are asked of the database.
    pub(crate) fn to_ask(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// Leaves one page of what was found; says by its last row where the next page goes on, if there is one.
    pub(crate) fn cut<Row, Key>(self, rows: &mut Vec<Row>, key: impl FnOnce(&Row) -> Key) -> Option<Key> {
        let size = self.0 as usize;
        let has_more = rows.len() > size;
        rows.truncate(size);
        rows.last().filter(|_| has_more).map(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E11
    #[test]
    fn one_row_more_tells_of_another_page() {
        let cut = |found: u32| {
            let mut rows: Vec<_> = (1..=found).collect();
            let next = PageSize::new(2, 200).cut(&mut rows, |row| *row);
            (rows.len(), next)
        };
        assert_eq!([cut(0), cut(1), cut(2), cut(3)], [(0, None), (1, None), (2, None), (2, Some(2))]);
        assert_eq!((PageSize::new(0, 200).to_ask(), PageSize::new(900, 200).to_ask()), (2, 201));
    }
}
