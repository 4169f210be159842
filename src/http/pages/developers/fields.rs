//! The members of a JSON schema as rows of a table: nested members by their whole path.

use serde_json::Value;

/// Deeper nesting is not shown; nothing of ours is that deep.
const LEVELS_MAX: usize = 6;

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path: `customer.email`, `lines[].line_id`.
    pub path: String,
    /// Its type: `integer`, `text`, a list of words.
    pub kind: String,
    /// Whether it has to be there, or always is.
    pub required: bool,
    /// What it is, in English: the reference shares it with the code.
    pub about: String,
}

/// The members of the schema with this name, with those of the schemas that it refers to.
pub(super) fn of_schema(document: &Value, name: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    if let Some(schema) = schema(document, name) {
        members(document, schema, "", 0, &mut fields);
    }
    fields
}

fn schema<'d>(document: &'d Value, name: &str) -> Option<&'d Value> {
    document.get("components")?.get("schemas")?.get(name)
}

fn members(document: &Value, schema: &Value, prefix: &str, level: usize, fields: &mut Vec<Field>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|_| level < LEVELS_MAX) else {
        return;
    };
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in properties {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let (within, is_list) = item(document, property);
        fields.push(Field {
            path: path.clone(),
            kind: kind(property, within, is_list),
            required: required.contains(&name.as_str()),
            about: about(property, within),
        });
        let prefix = if is_list { format!("{path}[]") } else { path };
        members(document, within, &prefix, level + 1, fields);
    }
}

/// The schema that a member is made of, whether it stands there, is referred to, or is that of a list's items.
fn item<'d>(document: &'d Value, property: &'d Value) -> (&'d Value, bool) {
    match property.get("items") {
        Some(items) => (resolved(document, items), true),
        None => (resolved(document, property), false),
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let choices = ["oneOf", "allOf"].iter().find_map(|name| schema.get(*name)?.as_array());
    let referring = choices.into_iter().flatten().find(|choice| choice.get("$ref").is_some()).unwrap_or(schema);
    let name = referring.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.and_then(|name| self::schema(document, name)).unwrap_or(schema)
}

fn kind(property: &Value, within: &Value, is_list: bool) -> String {
    let bare = match within.get("enum").and_then(Value::as_array) {
        Some(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        None => match within.get("format").and_then(Value::as_str) {
            Some("int32" | "int64") | None => types(within),
            Some(format) => format.to_owned(),
        },
    };
    let nullable = types_of(property).contains(&"null") || is_choice_with_null(property);
    let listed = if is_list { format!("{bare}[]") } else { bare };
    if nullable { format!("{listed} | null") } else { listed }
}

fn types(schema: &Value) -> String {
    types_of(schema).into_iter().filter(|kind| *kind != "null").collect::<Vec<_>>().join(" | ")
}

fn types_of(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn is_choice_with_null(schema: &Value) -> bool {
    let choices = schema.get("oneOf").and_then(Value::as_array);
    choices.into_iter().flatten().any(|choice| types_of(choice) == ["null"])
}

fn about(property: &Value, within: &Value) -> String {
    let own = property.get("description").and_then(Value::as_str);
    own.or_else(|| within.get("description").and_then(Value::as_str)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_members_stand_under_their_whole_path() {
        let document = json!({"components": {"schemas": {
            "Order": {"required": ["lines"], "properties": {
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
                "rail": {"type": "string", "enum": ["card", "wallet"], "description": "How."},
                "error": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Line"}]}
            }},
            "Line": {"properties": {"quantity": {"type": "integer", "format": "int64"}}}
        }}});
        let fields = of_schema(&document, "Order");
        let shown: Vec<String> =
            fields.iter().map(|field| format!("{} {} {}", field.path, field.kind, field.required)).collect();
        assert!(shown.contains(&"lines[].quantity integer false".to_owned()), "{shown:?}");
        assert!(shown.contains(&"rail card | wallet false".to_owned()), "{shown:?}");
        assert!(shown.contains(&"lines [] true".to_owned()), "{shown:?}");
        assert!(shown.contains(&"error  | null false".to_owned()), "{shown:?}");
    }
}
