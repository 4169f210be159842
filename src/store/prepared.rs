//! Statements whose text is the same each time: prepared once a connection, and kept.
//!
//! Diesel prepares every UPDATE anew, since the columns that one sets may differ from call to call. Ours set the same
//! ones, and preparing costs more than carrying out. Only for those with one text, or a few: each is kept as long as its
//! connection.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::sql_types::BoolOrNullableBool;

/// An UPDATE that is kept.
pub(super) struct Update<T, F, C> {
    table: T,
    filter: F,
    change: C,
}

/// Changes the rows of the table for which the filter holds.
pub(super) fn update<T, F, C>(table: T, filter: F, change: C) -> Update<T::FromClause, F, C::Changeset>
where
    T: Table,
    F: AppearsOnTable<T>,
    F::SqlType: BoolOrNullableBool,
    C: AsChangeset<Target = T>,
{
    Update { table: table.from_clause(), filter, change: change.as_changeset() }
}

impl<T, F, C, DB> QueryFragment<DB> for Update<T, F, C>
where
    DB: Backend,
    T: QueryFragment<DB>,
    F: QueryFragment<DB>,
    C: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("UPDATE ");
        self.table.walk_ast(pass.reborrow())?;
        pass.push_sql(" SET ");
        self.change.walk_ast(pass.reborrow())?;
        pass.push_sql(" WHERE ");
        self.filter.walk_ast(pass)
    }
}

impl<T, F, C> QueryId for Update<T, F, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, F, C, Conn> RunQueryDsl<Conn> for Update<T, F, C> {}

/// A statement of ours without values.
pub(super) struct Text(pub(super) &'static str);

impl<DB: Backend> QueryFragment<DB> for Text {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Text {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Conn> RunQueryDsl<Conn> for Text {}
