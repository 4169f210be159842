//! The folder that is handed over: every artefact with its meaning, an index for people, a manifest for programs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What the manifest calls itself; a folder that has one may be replaced.
const KIND: &str = "makegood-evidence";
const MANIFEST: &str = "manifest.json";

/// The chapters of the bundle, in the order of the index: folder, title.
const CHAPTERS: &[(&str, &str)] = &[
    ("cases", "Acceptance cases, over HTTP"),
    ("webhooks", "Webhooks, as they were sent and answered"),
    ("books", "Ledger against provider"),
    ("proofs", "Invariants, proved by the program's own checks"),
    ("telemetry", "Logs, metrics, traces"),
    ("screens", "Screens, in a real Chromium"),
    ("letters", "Letters of one refund"),
    ("diagrams", "State and sequence diagrams"),
    ("contract", "The API's contract"),
];

/// One file of the bundle.
struct Artefact {
    path: String,
    meaning: String,
    bytes: usize,
    sha256: String,
}

/// The bundle while it is made.
pub(crate) struct Bundle {
    folder: PathBuf,
    artefacts: Mutex<Vec<Artefact>>,
}

/// What is told of the run as a whole.
pub(crate) struct Run {
    /// When it began.
    pub(crate) started_at: String,
    /// How long it took.
    pub(crate) seconds: u64,
    /// `SQLite` or `PostgreSQL`.
    pub(crate) engine: String,
    /// The commit that the sources stand at.
    pub(crate) commit: String,
    /// Each case with the sentence that it came to.
    pub(crate) verdicts: Vec<(String, String)>,
}

impl Bundle {
    /// Begins in a folder that is empty, missing, or holds an earlier bundle, which is replaced.
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            let manifest = fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
            if !manifest.contains(KIND) {
                bail!("{} holds something that is no evidence bundle; name another folder", folder.display());
            }
            fs::remove_dir_all(folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let bundle = Self { folder: folder.to_owned(), artefacts: Mutex::default() };
        bundle.put(MANIFEST, json!({"kind": KIND, "complete": false}).to_string().as_bytes())?;
        Ok(bundle)
    }

    /// Writes one artefact and says so.
    pub(crate) fn write(&self, path: &str, meaning: &str, content: impl AsRef<[u8]>) -> Result<()> {
        let content = content.as_ref();
        self.put(path, content)?;
        println!("  {path}  {meaning}");
        let artefact = Artefact {
            path: path.to_owned(),
            meaning: meaning.to_owned(),
            bytes: content.len(),
            sha256: hex::encode(Sha256::digest(content)),
        };
        self.artefacts.lock().expect("nobody panicked with it").push(artefact);
        Ok(())
    }

    /// Writes JSON for people.
    pub(crate) fn write_json(&self, path: &str, meaning: &str, content: &Value) -> Result<()> {
        self.write(path, meaning, format!("{content:#}\n"))
    }

    /// Every text that was written so far, with its path.
    pub(crate) fn texts(&self) -> Result<Vec<(String, String)>> {
        let artefacts = self.artefacts.lock().expect("nobody panicked with it");
        let texts = artefacts.iter().filter(|artefact| !artefact.path.ends_with(".png"));
        texts
            .map(|artefact| Ok((artefact.path.clone(), fs::read_to_string(self.folder.join(&artefact.path))?)))
            .collect()
    }

    /// Writes index and manifest; tells how many artefacts there are.
    pub(crate) fn finish(&self, run: &Run) -> Result<usize> {
        let artefacts = self.artefacts.lock().expect("nobody panicked with it");
        let (readme, index) = (readme(run, &artefacts), index(run, &artefacts));
        self.put("README.md", readme.as_bytes())?;
        self.put("index.html", index.as_bytes())?;
        let listed = |path: &str, bytes: usize, sha256: &str, meaning: &str| json!({"path": path, "bytes": bytes, "sha256": sha256, "meaning": meaning});
        let mut files: Vec<Value> = artefacts
            .iter()
            .map(|artefact| listed(&artefact.path, artefact.bytes, &artefact.sha256, &artefact.meaning))
            .collect();
        for (path, text) in [("README.md", &readme), ("index.html", &index)] {
            files.push(listed(path, text.len(), &hex::encode(Sha256::digest(text)), "What is here"));
        }
        let manifest = json!({
            "kind": KIND, "complete": true, "product": "makegood", "version": env!("CARGO_PKG_VERSION"),
            "commit": run.commit, "engine": run.engine, "started_at": run.started_at, "seconds": run.seconds,
            "cases": run.verdicts.iter().map(|(case, verdict)| json!({"case": case, "verdict": verdict})).collect::<Vec<_>>(),
            "files": files,
        });
        self.put(MANIFEST, format!("{manifest:#}\n").as_bytes())?;
        Ok(artefacts.len())
    }

    fn put(&self, path: &str, content: &[u8]) -> Result<()> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))
    }
}

fn of_chapter<'a>(artefacts: &'a [Artefact], chapter: &str) -> Vec<&'a Artefact> {
    artefacts.iter().filter(|artefact| artefact.path.split('/').next() == Some(chapter)).collect()
}

fn heading(run: &Run) -> String {
    format!(
        "Makegood {} at {}, {}, run at {} in {} s.",
        env!("CARGO_PKG_VERSION"),
        run.commit,
        run.engine,
        run.started_at,
        run.seconds
    )
}

fn readme(run: &Run, artefacts: &[Artefact]) -> String {
    let mut text = format!("# Evidence\n\n{}\n\n| case | what was seen |\n|---|---|\n", heading(run));
    for (case, verdict) in &run.verdicts {
        let _ = writeln!(text, "| {case} | {verdict} |");
    }
    for (chapter, title) in CHAPTERS {
        let _ = write!(text, "\n## {title}\n\n");
        for Artefact { path, meaning, .. } in of_chapter(artefacts, chapter) {
            let _ = writeln!(text, "- [{path}]({path}): {meaning}");
        }
    }
    text
}

/// A page without scripts that shows pictures as pictures and lists the rest.
fn index(run: &Run, artefacts: &[Artefact]) -> String {
    let mut html = String::from(concat!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">",
        "<title>Evidence · Makegood</title><style>",
        ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{max-width:80rem;margin:auto;padding:1rem}",
        "td,th{padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top}",
        ".shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:1rem}",
        "figure{margin:0}img{width:100%;height:14rem;object-fit:cover;object-position:top;border:1px solid gray}",
        "figcaption{font-size:.8rem;overflow-wrap:anywhere}.drawing{height:auto;background:white;object-fit:contain}",
        "</style><h1>Evidence</h1>",
    ));
    let _ = write!(html, "<p>{}</p><table><tr><th>case<th>what was seen", escaped(&heading(run)));
    for (case, verdict) in &run.verdicts {
        let _ = write!(html, "<tr><td>{}<td>{}", escaped(case), escaped(verdict));
    }
    html.push_str("</table>");
    for (chapter, title) in CHAPTERS {
        let _ = write!(html, "<h2>{title}</h2>");
        let (pictures, others): (Vec<_>, Vec<_>) =
            of_chapter(artefacts, chapter).into_iter().partition(|artefact| is_picture(&artefact.path));
        html.push_str("<ul>");
        for Artefact { path, meaning, .. } in others {
            let _ = write!(html, "<li><a href=\"{path}\">{path}</a>: {}", escaped(meaning));
        }
        html.push_str("</ul><div class=shots>");
        for Artefact { path, meaning, .. } in pictures {
            let class = if path.ends_with(".svg") { " class=drawing" } else { "" };
            let meaning = escaped(meaning);
            let _ = write!(
                html,
                "<figure><a href=\"{path}\"><img{class} loading=lazy src=\"{path}\" alt=\"{meaning}\"></a><figcaption>{meaning}</figcaption></figure>"
            );
        }
        html.push_str("</div>");
    }
    html.push('\n');
    html
}

fn is_picture(path: &str) -> bool {
    path.ends_with(".png") || path.ends_with(".svg")
}

/// Text for HTML and for attributes in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
