//! A store of objects for tests: speaks as much of S3 as a client of one bucket needs, checks every signature, keeps what
//! it is given in memory, and goes away on demand.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use hmac::{Hmac, Mac};
use makegood::config::Config;
use makegood::domain::secret::Secret;
use sha2::{Digest, Sha256};
use url::Url;

const ACCESS_KEY_ID: &str = "AKIASUITE";
const SECRET_ACCESS_KEY: &str = "a-secret-of-the-suite";
const REGION: &str = "eu-suite-1";
const BUCKET: &str = "evidence";

/// A store that is listening; it stops with this value.
pub(crate) struct Bucket {
    url: Url,
    held: Arc<Held>,
    server: ServerHandle,
}

#[derive(Default)]
struct Held {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    uploads: Mutex<BTreeMap<String, BTreeMap<u32, Vec<u8>>>>,
    down: AtomicBool,
}

impl Bucket {
    /// An empty one.
    pub(crate) fn start() -> Self {
        let held = Arc::new(Held::default());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("a URL");
        let state = web::Data::from(Arc::clone(&held));
        let limit = web::PayloadConfig::new(64 << 20);
        let app = move || App::new().app_data(state.clone()).app_data(limit.clone()).default_service(web::to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).expect("a server").run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, held, server: handle }
    }

    /// Makes a desk keep its evidence here.
    pub(crate) fn configure(&self, config: &mut Config) {
        let evidence = &mut config.evidence;
        evidence.url = Some(format!("s3://{BUCKET}/desk/one").parse().expect("a URL"));
        evidence.bucket.endpoint = Some(self.url.clone());
        evidence.bucket.region = Some(REGION.to_owned());
        evidence.bucket.access_key_id = Some(ACCESS_KEY_ID.to_owned());
        evidence.bucket.secret_access_key = Some(Secret::new(SECRET_ACCESS_KEY));
    }

    /// What lies in it, by name.
    pub(crate) fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        lock(&self.held.objects).clone()
    }

    /// From now on it answers nothing but 503, or is well again.
    pub(crate) fn goes_down(&self, down: bool) {
        self.held.down.store(down, Ordering::SeqCst);
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn answer(request: HttpRequest, body: web::Bytes, held: web::Data<Held>) -> HttpResponse {
    if held.down.load(Ordering::SeqCst) {
        return HttpResponse::ServiceUnavailable().body("<Error><Code>SlowDown</Code></Error>");
    }
    if let Err(why) = check_signature(&request, &body) {
        return HttpResponse::Forbidden()
            .body(format!("<Error><Code>SignatureDoesNotMatch</Code><Message>{why}</Message></Error>"));
    }
    let Some(key) = request.path().strip_prefix(&format!("/{BUCKET}/")).map(str::to_owned) else {
        return HttpResponse::NotFound().body("<Error><Code>NoSuchBucket</Code></Error>");
    };
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let (mut objects, mut uploads) = (lock(&held.objects), lock(&held.uploads));
    let upload = query.get("uploadId").cloned();
    match (request.method().clone(), upload) {
        (Method::PUT, Some(upload)) => {
            let part = query.get("partNumber").and_then(|number| number.parse().ok()).expect("a part's number");
            uploads.get_mut(&upload).expect("an upload").insert(part, body.to_vec());
            HttpResponse::Ok().insert_header(("ETag", format!("\"part-{part}\""))).finish()
        }
        (Method::POST, Some(upload)) => {
            let parts = uploads.remove(&upload).expect("an upload");
            let last = parts.len();
            for (nth, part) in parts.values().enumerate() {
                assert!(nth + 1 == last || part.len() >= 5 << 20, "S3 refuses parts that are smaller");
            }
            objects.insert(key, parts.into_values().flatten().collect());
            let told = "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>";
            HttpResponse::Ok().content_type("application/xml").body(told)
        }
        (Method::DELETE, Some(upload)) => {
            uploads.remove(&upload);
            HttpResponse::NoContent().finish()
        }
        (Method::POST, None) => {
            let upload = format!("upload-{}", uploads.len() + objects.len());
            uploads.insert(upload.clone(), BTreeMap::new());
            let told = format!(
                "<InitiateMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>{key}</Key><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            );
            HttpResponse::Ok().content_type("application/xml").body(told)
        }
        (Method::PUT, None) => {
            objects.insert(key, body.to_vec());
            HttpResponse::Ok().insert_header(("ETag", "\"one\"")).finish()
        }
        (Method::GET | Method::HEAD, None) => match objects.get(&key) {
            Some(object) => HttpResponse::Ok()
                .insert_header(("ETag", "\"one\""))
                .insert_header(("Last-Modified", "Fri, 20 Nov 2026 21:50:45 GMT"))
                .content_type("application/octet-stream")
                .body(object.clone()),
            None => HttpResponse::NotFound().body("<Error><Code>NoSuchKey</Code></Error>"),
        },
        (Method::DELETE, None) => {
            objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        (other, _) => panic!("the suite's store knows no {other}"),
    }
}

/// AWS Signature Version 4, as its description says it.
fn check_signature(request: &HttpRequest, body: &[u8]) -> Result<(), String> {
    let header = |name: &str| -> Result<&str, String> {
        let value = request.headers().get(name).ok_or_else(|| format!("{name} is missing"))?;
        value.to_str().map_err(|error| error.to_string())
    };
    let digest = header("x-amz-content-sha256")?;
    if digest != "UNSIGNED-PAYLOAD" && digest != hex::encode(Sha256::digest(body)) {
        return Err("the body is another one".to_owned());
    }
    let told = header("authorization")?;
    let part = |name: &str| -> Result<&str, String> {
        let from = told.split_once(&format!("{name}=")).ok_or_else(|| format!("{name} is missing"))?.1;
        Ok(from.split([',', ' ']).next().unwrap_or_default())
    };
    let moment = header("x-amz-date")?;
    let day = moment.get(..8).unwrap_or_default();
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    if part("Credential")? != format!("{ACCESS_KEY_ID}/{scope}") {
        return Err(format!("another credential: {told}"));
    }
    let names = part("SignedHeaders")?;
    let mut headers = String::new();
    for name in names.split(';') {
        headers.push_str(&format!("{name}:{}\n", header(name)?.trim()));
    }
    let mut query: Vec<&str> = request.query_string().split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let query: Vec<String> =
        query.iter().map(|pair| if pair.contains('=') { (*pair).to_owned() } else { format!("{pair}=") }).collect();
    let path = request.uri().path();
    let canonical = format!("{}\n{path}\n{}\n{headers}\n{names}\n{digest}", request.method(), query.join("&"));
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hex::encode(Sha256::digest(&canonical)));
    let key = [day, REGION, "s3", "aws4_request"]
        .iter()
        .fold(format!("AWS4{SECRET_ACCESS_KEY}").into_bytes(), |key, part| hmac(&key, part));
    let expected = hex::encode(hmac(&key, &text));
    if part("Signature")? == expected { Ok(()) } else { Err(format!("not the signature of\n{canonical}")) }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
