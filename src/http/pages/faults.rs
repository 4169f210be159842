//! What is wrong with a form, field by field, in the reader's words.

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the field in the page; where it is a group, of its first control.
    pub field: String,
    /// Name of the field or group, beside which the sentence stands.
    pub name: &'static str,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// All that is wrong with one form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Nothing is wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// Records a fault of a single field.
    pub fn add(&mut self, name: &'static str, message: String) {
        self.add_at(name, name, message);
    }

    /// Records a fault of a group, whose first control has another id than the group's name.
    pub fn add_at(&mut self, name: &'static str, field: &str, message: String) {
        self.0.push(Fault { field: field.to_owned(), name, message });
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything, for the summary.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// What is wrong with the field.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.name == name).map(|fault| fault.message.as_str())
    }

    /// Whether something is wrong with the field.
    pub fn has(&self, name: &str) -> bool {
        self.of(name).is_some()
    }
}
