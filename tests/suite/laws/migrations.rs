//! Both engines have the same migrations, tables, columns, indexes and views.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::assert_none;
use super::sources::{files, root};

/// What a tree of migrations makes, by name.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    /// Table → column → type and whether it must be there.
    tables: BTreeMap<String, BTreeMap<String, String>>,
    indexes: BTreeSet<String>,
    views: BTreeSet<String>,
}

impl Schema {
    fn of(sql: &str) -> Self {
        let mut schema = Self::default();
        for statement in statements(sql) {
            let words: Vec<&str> = statement.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => {
                    schema.tables.insert(unquoted(name), columns(body(&statement)));
                }
                ["ALTER", "TABLE", name, "ADD", "COLUMN", column, rest @ ..] => {
                    let table = schema.tables.entry(unquoted(name)).or_default();
                    table.insert(unquoted(column), kind(&rest.join(" ")));
                }
                ["ALTER", "TABLE", name, "DROP", "COLUMN", column, ..] => {
                    schema.tables.entry(unquoted(name)).or_default().remove(&unquoted(column));
                }
                ["ALTER", "TABLE", name, "RENAME", "TO", new, ..] => {
                    let table = schema.tables.remove(&unquoted(name)).unwrap_or_default();
                    schema.tables.insert(unquoted(new), table);
                }
                ["DROP", "TABLE", name, ..] => {
                    schema.tables.remove(&unquoted(name));
                }
                ["CREATE", "INDEX", name, ..] | ["CREATE", "UNIQUE", "INDEX", name, ..] => {
                    schema.indexes.insert(unquoted(name));
                }
                ["CREATE", "VIEW", name, ..] => {
                    schema.views.insert(unquoted(name));
                }
                _ => {}
            }
        }
        schema
    }

    fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let names: BTreeSet<&String> = self.tables.keys().chain(other.tables.keys()).collect();
        for name in names {
            match (self.tables.get(name), other.tables.get(name)) {
                (Some(left), Some(right)) => {
                    for column in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
                        let (left, right) = (left.get(column), right.get(column));
                        if left != right {
                            found.push(format!("{name}.{column}: SQLite {left:?}, PostgreSQL {right:?}"));
                        }
                    }
                }
                (left, _) => {
                    let engine = if left.is_some() { "SQLite" } else { "PostgreSQL" };
                    found.push(format!("{name}: a table on {engine} only"));
                }
            }
        }
        found.extend(
            self.indexes
                .symmetric_difference(&other.indexes)
                .map(|name| format!("{name}: an index on one engine only")),
        );
        found.extend(
            self.views.symmetric_difference(&other.views).map(|name| format!("{name}: a view on one engine only")),
        );
        found
    }
}

/// Statements without comments; semicolons inside quotes, `$$` and trigger bodies do not end one that matters here.
fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    bare.join("\n").split(';').map(|statement| statement.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

/// What stands between the first bracket and its partner.
fn body(statement: &str) -> &str {
    let open = statement.find('(').unwrap_or(0);
    let mut depth = 0_usize;
    for (at, letter) in statement.char_indices().skip_while(|(at, _)| *at < open) {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &statement[open + 1..at];
        }
    }
    ""
}

fn columns(body: &str) -> BTreeMap<String, String> {
    const CONSTRAINTS: [&str; 6] = ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "EXCLUDE"];
    at_top_level(body)
        .iter()
        .filter_map(|definition| {
            let (name, rest) = definition.trim().split_once(char::is_whitespace)?;
            (!CONSTRAINTS.contains(&name)).then(|| (unquoted(name), kind(rest)))
        })
        .collect()
}

fn at_top_level(body: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in body.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts
}

/// Type and presence, in one dialect: SQLite says BLOB and INTEGER where PostgreSQL says BYTEA and BIGINT.
fn kind(definition: &str) -> String {
    let upper = definition.to_uppercase();
    let word = upper.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let word = match word {
        "BLOB" => "BYTEA",
        "INTEGER" | "BIGSERIAL" => "BIGINT",
        other => other,
    };
    let is_required = upper.contains("NOT NULL") || upper.contains("PRIMARY KEY") || upper.contains("BIGSERIAL");
    format!("{word}{}", if is_required { " NOT NULL" } else { "" })
}

fn unquoted(name: &str) -> String {
    name.split('(').next().unwrap_or_default().trim_matches('"').to_owned()
}

fn folders(engine: &str) -> BTreeSet<String> {
    let folder = root().join("migrations").join(engine);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn schema(engine: &str) -> Schema {
    let ups = files(&format!("migrations/{engine}"), &["up.sql"]);
    Schema::of(&ups.iter().map(|up| up.text.as_str()).collect::<Vec<_>>().join(";\n"))
}

#[test]
fn both_engines_have_the_same_migrations() {
    assert_eq!(folders("sqlite"), folders("postgres"));
    for engine in ["sqlite", "postgres"] {
        for name in folders(engine) {
            for file in ["up.sql", "down.sql"] {
                assert!(
                    root().join("migrations").join(engine).join(&name).join(file).is_file(),
                    "{engine}/{name}/{file}"
                );
            }
        }
    }
}

#[test]
fn both_engines_have_the_same_tables_columns_indexes_and_views() {
    let (sqlite, postgres) = (schema("sqlite"), schema("postgres"));
    assert!(sqlite.tables.contains_key("refunds") && sqlite.views.contains("v_refunds"));
    assert_none("The engines differ", &sqlite.differences(&postgres));
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE t (\n  a TEXT NOT NULL PRIMARY KEY, -- the key\n  b BIGINT CHECK (b IN (1, 2)),\n  UNIQUE (a, b)\n);\n\
                         CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT 1;";

    #[test]
    fn a_schema_is_read() {
        let schema = Schema::of(TABLE);
        let columns = &schema.tables["t"];
        assert_eq!(columns.len(), 2);
        assert_eq!((columns["a"].as_str(), columns["b"].as_str()), ("TEXT NOT NULL", "BIGINT"));
        assert_eq!((schema.indexes.len(), schema.views.len()), (1, 1));
        assert!(schema.differences(&Schema::of(TABLE)).is_empty());
        let altered = Schema::of(&format!("{TABLE} ALTER TABLE t ADD COLUMN c BLOB NOT NULL;"));
        assert_eq!(altered.tables["t"]["c"], "BYTEA NOT NULL");
    }

    #[test]
    fn differences_are_found() {
        let base = Schema::of(TABLE);
        for (from, to) in [
            ("b BIGINT", "b TEXT"),
            ("b BIGINT", "b BIGINT NOT NULL"),
            ("b BIGINT", "c BIGINT"),
            ("CREATE TABLE t", "CREATE TABLE u"),
            ("CREATE INDEX i", "CREATE INDEX j"),
            ("CREATE VIEW v ", "CREATE VIEW w "),
        ] {
            assert!(!base.differences(&Schema::of(&TABLE.replace(from, to))).is_empty(), "{from} → {to}");
        }
    }
}
