//! What callers want of a desk that may die at any moment, and what they saw of it.
//!
//! Everybody does what a good client does: each request has its key before it is first made, and is repeated, same key and
//! same body, until its answer was seen. What was seen is asked for again later, and has to be the same to the byte.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::mood::{Mood, Plan, Reaction, Who};
use crate::harness::{Answer, Caller, OrderBuilder};

/// Answers of earlier rounds that are asked for again in one.
const REPLAYS_OF_ROUND: usize = 40;

/// One request, made until its answer is seen.
#[derive(Clone, Debug)]
struct Wish {
    caller: Caller,
    method: &'static str,
    path: String,
    key: String,
    body: Option<Value>,
    deed: Deed,
    tries: usize,
    fate: Fate,
}

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    /// An order, with the refunds that will be asked for.
    Order(Vec<Value>),
    /// A refund.
    Create,
    /// A verb on a refund: `approve`, `deny`, `cancel`, `submit`, `retry`.
    Move { refund_id: String, verb: &'static str },
}

impl Deed {
    fn verb(&self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Create => "create",
            Self::Move { verb, .. } => verb,
        }
    }
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// Never answered.
    Open,
    /// Refused: it had no effect, and its key is free.
    Refused,
    /// Accepted, with this answer.
    Seen { status: u16, location: String, bytes: Vec<u8> },
}

/// Everything that callers wanted, in the order in which it came to their minds.
pub(super) struct Diary {
    pages: Mutex<Pages>,
}

struct Pages {
    wishes: Vec<Wish>,
    todo: VecDeque<usize>,
    orders: usize,
    late: Vec<(&'static str, String)>,
    replays: usize,
    mood: Mood,
}

/// What a diary says that can be held against the desk's own records.
pub(super) struct Account {
    /// The wish that each refund carries in its metadata, and the refund's id.
    pub(super) created: BTreeMap<String, String>,
    /// Verb, refund and the state that was answered.
    pub(super) moved: Vec<(&'static str, String, String)>,
    /// What was answered only after it had been asked in vain: the verb, and what the answer said of itself, `created` or
    /// `replayed`.
    pub(super) late: Vec<(&'static str, String)>,
    /// Answers that were seen again, byte for byte.
    pub(super) replays: usize,
}

impl Diary {
    /// An empty one.
    pub(super) fn new(mood: Mood) -> Self {
        let (wishes, todo, late) = (Vec::new(), VecDeque::new(), Vec::new());
        Self { pages: Mutex::new(Pages { wishes, todo, orders: 0, late, replays: 0, mood }) }
    }

    /// Writes down what comes next: so many new orders, another try for what may have failed, everything whose answer was
    /// not seen, and some of what was.
    pub(super) fn plan_round(&self, shop: &Caller, new_orders: usize) {
        let mut pages = self.pages.lock().expect("no panic");
        pages.retry_failed(shop);
        for _ in 0..new_orders {
            pages.order(shop);
        }
        pages.todo.clear();
        let mut seen = pages.indices(Wish::is_seen);
        pages.mood.shuffle(&mut seen);
        seen.truncate(REPLAYS_OF_ROUND);
        let mut todo = pages.indices(|wish| wish.fate == Fate::Open);
        todo.extend(seen);
        pages.mood.shuffle(&mut todo);
        pages.todo = todo.into();
    }

    /// Writes down everything, whether its answer was seen or not.
    pub(super) fn plan_everything(&self) {
        let mut pages = self.pages.lock().expect("no panic");
        pages.todo = pages.indices(|wish| wish.fate == Fate::Open || wish.is_seen()).into();
    }

    /// Makes the requests that are planned, so many at once, and those that follow from their answers; returns when all
    /// are made or nobody answers any more.
    pub(super) async fn live(&self, base: &str, deciders: &[Caller], at_once: usize) {
        let callers = (0..at_once).map(|_| self.call(base, deciders));
        futures_util::future::join_all(callers).await;
    }

    async fn call(&self, base: &str, deciders: &[Caller]) {
        while let Some((index, wish)) = self.next() {
            let Ok(answer) = wish.send(base).await else { return };
            self.note(index, &answer, deciders);
        }
    }

    fn next(&self) -> Option<(usize, Wish)> {
        let mut pages = self.pages.lock().expect("no panic");
        let index = pages.todo.pop_front()?;
        pages.wishes[index].tries += 1;
        Some((index, pages.wishes[index].clone()))
    }

    fn note(&self, index: usize, answer: &Answer, deciders: &[Caller]) {
        let mut pages = self.pages.lock().expect("no panic");
        let before = pages.wishes[index].fate.clone();
        let fate = pages.wishes[index].fate_after(answer);
        pages.wishes[index].fate.clone_from(&fate);
        match (before, fate) {
            (Fate::Seen { .. }, _) => pages.replays += 1,
            (Fate::Open, Fate::Seen { .. }) => {
                let Wish { tries, deed, .. } = &pages.wishes[index];
                let late = (*tries > 1).then(|| (deed.verb(), answer.header("idempotency-status").to_owned()));
                pages.late.extend(late);
                pages.follow_up(index, answer, deciders);
            }
            (Fate::Open | Fate::Refused, _) => {}
        }
    }

    /// How many requests were never answered.
    pub(super) fn open(&self) -> usize {
        let pages = self.pages.lock().expect("no panic");
        pages.wishes.iter().filter(|wish| wish.fate == Fate::Open).count()
    }

    /// What callers know.
    pub(super) fn account(&self) -> Account {
        let pages = self.pages.lock().expect("no panic");
        let (late, replays) = (pages.late.clone(), pages.replays);
        let mut account = Account { created: BTreeMap::new(), moved: Vec::new(), late, replays };
        for wish in &pages.wishes {
            let Fate::Seen { bytes, .. } = &wish.fate else { continue };
            let answer: Value = serde_json::from_slice(bytes).expect("JSON");
            match &wish.deed {
                Deed::Order(_) => {}
                Deed::Create => {
                    let refund_id = answer["refund_id"].as_str().expect("an id").to_owned();
                    account.created.insert(wish.key.clone(), refund_id);
                }
                Deed::Move { refund_id, verb } => {
                    let state = answer["state"].as_str().expect("a state").to_owned();
                    account.moved.push((verb, refund_id.clone(), state));
                }
            }
        }
        account
    }
}

impl Wish {
    /// Whether its answer is kept by the desk; orders have no key.
    fn is_seen(&self) -> bool {
        matches!(self.fate, Fate::Seen { .. }) && !matches!(self.deed, Deed::Order(_))
    }

    async fn send(&self, base: &str) -> Result<Answer, reqwest::Error> {
        let mut request = self.caller.at(base).request(self.method, &self.path);
        if !matches!(self.deed, Deed::Order(_)) {
            request = request.header("idempotency-key", self.key.as_str());
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        request.try_send().await
    }

    /// What is known after an answer. Fails where it contradicts what was answered before.
    fn fate_after(&self, answer: &Answer) -> Fate {
        let code = answer.code();
        if matches!(answer.status, 429 | 503) || code == "ERR.CONFLICT.in_progress" {
            return self.fate.clone();
        }
        assert!(answer.status < 500, "{answer}");
        let is_order = matches!(self.deed, Deed::Order(_));
        if let Fate::Seen { status, location, bytes } = &self.fate {
            if !is_order {
                let first = (*status, location.as_str(), "replayed", String::from_utf8_lossy(bytes));
                let again = (answer.status, answer.header("location"), answer.header("idempotency-status"));
                assert_eq!((again.0, again.1, again.2, answer.text().into()), first, "{answer}");
            }
            return self.fate.clone();
        }
        if answer.status >= 400 {
            let may_be_refused = matches!(self.deed, Deed::Move { .. });
            assert!(may_be_refused && answer.status == 409 && code == "ERR.CONFLICT.state", "{answer}");
            return Fate::Refused;
        }
        let told = answer.header("idempotency-status");
        assert!(is_order || ["created", "replayed"].contains(&told), "{told:?}: {answer}");
        let location = answer.header("location").to_owned();
        Fate::Seen { status: answer.status, location, bytes: answer.bytes.clone() }
    }
}

impl Pages {
    fn indices(&self, is_meant: impl Fn(&Wish) -> bool) -> Vec<usize> {
        self.wishes.iter().enumerate().filter(|(_, wish)| is_meant(wish)).map(|(index, _)| index).collect()
    }

    /// One more order.
    fn order(&mut self, shop: &Caller) {
        self.orders += 1;
        let id = format!("crash-{}", self.orders);
        let Plan { mode, captured_minor, refunds } = self.mood.order();
        let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
        let order = OrderBuilder::new(shop, &id, &yesterday.to_string()).captured(captured_minor, "USD").mode(mode);
        self.wish(shop, "PUT", format!("/v1/orders/{id}"), Some(order.body()), Deed::Order(refunds));
    }

    fn wish(&mut self, caller: &Caller, method: &'static str, path: String, body: Option<Value>, deed: Deed) {
        let index = self.wishes.len();
        let key = format!("wish-{index}");
        let mut body = body;
        if let (Deed::Create, Some(body)) = (&deed, &mut body) {
            body["metadata"] = json!({"wish": key});
        }
        self.wishes.push(Wish { caller: caller.clone(), method, path, key, body, deed, tries: 0, fate: Fate::Open });
        self.todo.push_back(index);
    }

    /// What callers do next, having seen this.
    fn follow_up(&mut self, index: usize, answer: &Answer, deciders: &[Caller]) {
        let Wish { caller, path, deed, .. } = self.wishes[index].clone();
        match deed {
            Deed::Order(refunds) => {
                for refund in refunds {
                    self.wish(&caller, "POST", format!("{path}/refunds"), Some(refund), Deed::Create);
                }
            }
            Deed::Create => {
                let answer = answer.json();
                let refund_id = answer["refund_id"].as_str().expect("an id");
                let state = answer["state"].as_str().expect("a state");
                for Reaction { by, verb } in self.mood.reactions(state, deciders.len()) {
                    match by {
                        Who::Shop => self.act(&caller, refund_id, verb),
                        Who::Decider(number) => self.act(&deciders[number], refund_id, verb),
                    }
                }
            }
            Deed::Move { .. } => {}
        }
    }

    fn act(&mut self, caller: &Caller, refund_id: &str, verb: &'static str) {
        let is_decision = ["approve", "deny"].contains(&verb);
        let path = format!("/v1/refunds/{refund_id}/{}", if is_decision { "decision" } else { verb });
        let body = is_decision.then(|| json!({"decision": verb, "note": "Seen and decided."}));
        self.wish(caller, "POST", path, body, Deed::Move { refund_id: refund_id.to_owned(), verb });
    }

    /// Another try for some of what the processor may have failed, refused where it did not.
    fn retry_failed(&mut self, shop: &Caller) {
        let created = |wish: &Wish| match (&wish.deed, &wish.fate) {
            (Deed::Create, Fate::Seen { bytes, .. }) => {
                let answer: Value = serde_json::from_slice(bytes).expect("JSON");
                answer["refund_id"].as_str().map(str::to_owned)
            }
            _ => None,
        };
        let ids: Vec<String> = self.wishes.iter().filter_map(created).collect();
        for id in ids {
            if self.mood.tries_again() {
                self.act(shop, &id, "retry");
            }
        }
    }
}
