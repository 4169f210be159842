//! Uploading evidence, as programs do.

use serde_json::json;

use super::answer::Answer;
use super::caller::{Caller, Request};
use super::refunds::Ask;

/// Parts the parts of forms.
const BOUNDARY: &str = "----makegood-suite-4f1c";

/// A form with files that is being put together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    body: Vec<u8>,
}

impl Form {
    /// One more file.
    pub(crate) fn file(self, field: &str, name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let name = name.replace('\\', "\\\\").replace('"', "%22");
        let told = format!("form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {media_type}");
        self.part(&told, bytes)
    }

    /// One more text.
    pub(crate) fn text(self, field: &str, text: &str) -> Self {
        self.part(&format!("form-data; name=\"{field}\""), text.as_bytes())
    }

    /// What the form is sent as.
    pub(crate) fn body(&self) -> (String, Vec<u8>) {
        let body = [self.body.as_slice(), format!("--{BOUNDARY}--\r\n").as_bytes()].concat();
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    fn part(mut self, told: &str, bytes: &[u8]) -> Self {
        self.body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: {told}\r\n\r\n").bytes());
        self.body.extend(bytes);
        self.body.extend(b"\r\n");
        self
    }
}

impl Request {
    /// With a form that carries files.
    pub(crate) fn form(self, form: &Form) -> Self {
        let (media_type, body) = form.body();
        self.header("content-type", media_type).bytes(body)
    }
}

impl Caller {
    /// Uploads a file, whatever is answered.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        self.upload_form(&Form::default().file("file", name, "application/octet-stream", bytes)).await
    }

    /// Uploads a form, whatever is answered.
    pub(crate) async fn upload_form(&self, form: &Form) -> Answer {
        self.request("POST", "/v1/evidence").form(form).send().await
    }

    /// Uploads a file that has to be taken; its address.
    pub(crate) async fn uploaded(&self, name: &str, bytes: &[u8]) -> String {
        let answer = self.upload(name, bytes).await.expect(201).json();
        answer["uri"].as_str().expect("an address").to_owned()
    }
}

impl Ask {
    /// With files that were uploaded before.
    pub(crate) fn evidence(self, uris: &[&str]) -> Self {
        let links: Vec<_> = uris.iter().map(|uri| json!({"type": "image", "uri": uri})).collect();
        self.with("evidence", json!(links))
    }
}
