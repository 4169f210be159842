//! Who did something, in words.

use std::str::FromStr;

use super::frame::Page;
use crate::domain::access::Principal;
use crate::services::who::Names;

/// Somebody by name, where the name is known.
pub fn who(page: &Page, names: &Names, principal: &str) -> String {
    match Principal::from_str(principal) {
        Ok(Principal::User(_)) => names.get(principal).cloned().unwrap_or_else(|| principal.to_owned()),
        Ok(Principal::Customer(_)) => page.t("desk-who-customer"),
        Ok(Principal::Policy(version)) => page.t1("desk-who-policy", "version", version),
        Ok(Principal::System) => page.t("desk-who-system"),
        Ok(Principal::Provider(account)) => account,
        Ok(Principal::Token(name)) => page.t1("desk-who-token", "name", name),
        Ok(Principal::Shell) => page.t("desk-who-shell"),
        Err(_) => principal.to_owned(),
    }
}
