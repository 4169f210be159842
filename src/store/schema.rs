//! The tables as diesel sees them; `migrations` is the truth, and a test compares the two.

pub(super) use super::schema_evidence::{evidence, evidence_looks, evidence_texts};

diesel::table! {
    customers (customer_id) {
        customer_id -> Text,
        blocked -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    customer_profiles (customer_id) {
        customer_id -> Text,
        email_key -> Text,
        email -> Text,
        name -> Text,
        locale -> Text,
    }
}

diesel::table! {
    orders (order_id) {
        order_id -> Text,
        customer_id -> Text,
        currency -> Text,
        placed_at -> BigInt,
        external_reference -> Nullable<Text>,
        digest -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    order_lines (order_id, line_id) {
        order_id -> Text,
        line_id -> Text,
        position -> BigInt,
        description -> Text,
        quantity -> BigInt,
        unit_amount_minor -> BigInt,
        tax_minor -> BigInt,
        discount_minor -> BigInt,
    }
}

diesel::table! {
    payments (order_id, payment_id) {
        order_id -> Text,
        payment_id -> Text,
        position -> BigInt,
        currency -> Text,
        provider_account -> Text,
        connector_transaction_id -> Text,
        rail -> Text,
        status -> Text,
        captured_minor -> BigInt,
        captured_at -> Nullable<BigInt>,
        committed_minor -> BigInt,
        external_minor -> BigInt,
        shortfall_minor -> BigInt,
    }
}

diesel::table! {
    refunds (refund_id) {
        refund_id -> Text,
        order_id -> Text,
        payment_id -> Text,
        customer_id -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        reason -> Text,
        state -> Text,
        qualifier -> Nullable<Text>,
        closure -> Nullable<Text>,
        retryable -> Bool,
        held -> Bool,
        dead_lettered -> Bool,
        provider_account -> Text,
        rail -> Text,
        connector_transaction_id -> Text,
        provider_refund_id -> Nullable<Text>,
        provider_reference -> Nullable<Text>,
        ledger_entry_id -> Nullable<Text>,
        attempt -> BigInt,
        created_by -> Text,
        correlation_id -> Text,
        error -> Nullable<Text>,
        metadata -> Text,
        message_id -> Text,
        approved_at -> Nullable<BigInt>,
        completed_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    refund_lines (refund_id, line_id) {
        refund_id -> Text,
        line_id -> Text,
        position -> BigInt,
        quantity -> BigInt,
        amount_minor -> BigInt,
        goods_minor -> BigInt,
        tax_minor -> BigInt,
        discount_minor -> BigInt,
        by_line -> Bool,
    }
}

diesel::table! {
    refund_notes (note_id) {
        note_id -> Text,
        refund_id -> Text,
        kind -> Text,
        author -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    decisions (refund_id) {
        refund_id -> Text,
        policy_version -> BigInt,
        rule -> Text,
        outcome -> Text,
        facts -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> BigInt,
    }
}

diesel::table! {
    approvals (refund_id, position) {
        refund_id -> Text,
        position -> BigInt,
        principal -> Text,
        approval_rank -> BigInt,
        amount_minor -> BigInt,
        digest -> Text,
        voided -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    transitions (seq) {
        seq -> BigInt,
        refund_id -> Text,
        position -> BigInt,
        from_state -> Nullable<Text>,
        to_state -> Text,
        event -> Text,
        actor -> Text,
        correlation_id -> Text,
        audit_id -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    ledger_entries (entry_id) {
        entry_id -> Text,
        kind -> Text,
        debit_account -> Text,
        credit_account -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        refund_id -> Nullable<Text>,
        period -> Text,
        posted_at -> BigInt,
        occurred_at -> BigInt,
    }
}

// The view of `ledger_entries` that reports read: one row a side.
diesel::table! {
    v_ledger_entries (entry_id, account) {
        entry_id -> Text,
        kind -> Text,
        account -> Text,
        currency -> Text,
        debit_minor -> BigInt,
        credit_minor -> BigInt,
        refund_id -> Nullable<Text>,
        period -> Text,
        posted_at -> BigInt,
    }
}

diesel::table! {
    attempts (refund_id, attempt) {
        refund_id -> Text,
        attempt -> BigInt,
        reference -> Text,
        calls -> BigInt,
        first_sent_at -> Nullable<BigInt>,
        call_deadline_at -> Nullable<BigInt>,
        lookups_absent -> BigInt,
        absent_since -> Nullable<BigInt>,
        unknowns -> BigInt,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    provider_calls (call_id) {
        call_id -> Text,
        refund_id -> Text,
        attempt -> BigInt,
        kind -> Text,
        outcome -> Text,
        detail -> Text,
        latency_ms -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    outbox (outbox_id) {
        outbox_id -> Text,
        kind -> Text,
        dedupe_key -> Text,
        refund_id -> Nullable<Text>,
        account -> Nullable<Text>,
        payload -> Text,
        status -> Text,
        attempts -> BigInt,
        due_at -> BigInt,
        lease_owner -> Nullable<Text>,
        fence -> BigInt,
        lease_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    inbox (inbox_id) {
        inbox_id -> Text,
        account -> Text,
        event_id -> Text,
        event_type -> Text,
        sealed_body -> Binary,
        occurred_at -> BigInt,
        received_at -> BigInt,
        status -> Text,
        refund_id -> Nullable<Text>,
        attempts -> BigInt,
        due_at -> BigInt,
        lease_owner -> Nullable<Text>,
        fence -> BigInt,
        lease_until -> Nullable<BigInt>,
        note -> Nullable<Text>,
        correlation_id -> Text,
    }
}

diesel::table! {
    idempotency (principal, route, idempotency_key) {
        principal -> Text,
        route -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> BigInt,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    audit_records (audit_id) {
        audit_id -> Text,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject -> Text,
        reason -> Text,
        correlation_id -> Text,
        origin -> Text,
        before_json -> Text,
        after_json -> Text,
        note_digest -> Text,
        record_hash -> Text,
    }
}

diesel::table! {
    audit_notes (audit_id) {
        audit_id -> Text,
        salt -> Text,
        body -> Text,
    }
}

diesel::table! {
    audit_seals (seal_no) {
        seal_no -> BigInt,
        seal -> Text,
        records -> BigInt,
        sealed_at -> BigInt,
    }
}

diesel::table! {
    audit_sealed (audit_id) {
        audit_id -> Text,
        seal_no -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    users (user_id) {
        user_id -> Text,
        email_key -> Text,
        email -> Text,
        name -> Text,
        locale -> Text,
        password_hash -> Text,
        active -> Bool,
        created_at -> BigInt,
        time_zone -> Text,
        theme -> Text,
        density -> Text,
        single_keys -> Bool,
        version -> BigInt,
        epoch -> BigInt,
        signed_in_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_roles (user_id, role) {
        user_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    api_tokens (token_id) {
        token_id -> Text,
        name -> Text,
        token_hash -> Text,
        owner_user_id -> Nullable<Text>,
        scopes -> Text,
        created_by -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        prefix -> Text,
        last_used_at -> Nullable<BigInt>,
        previous_hash -> Nullable<Text>,
        previous_until -> Nullable<BigInt>,
        rotated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Text,
        sealed_secret -> Nullable<Text>,
        pending_secret -> Nullable<Text>,
        pending_at -> Nullable<BigInt>,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
        wrong_codes -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> Text,
        code_hash -> Text,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_links (link_hash) {
        link_hash -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    first_admin (only_one) {
        only_one -> BigInt,
        user_id -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    sessions (session_hash) {
        session_hash -> Text,
        principal -> Nullable<Text>,
        state -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    links (link_hash) {
        link_hash -> Text,
        purpose -> Text,
        customer_id -> Nullable<Text>,
        order_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    drafts (customer_id, order_id) {
        customer_id -> Text,
        order_id -> Text,
        body -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    policies (policy_version) {
        policy_version -> BigInt,
        document -> Text,
        created_by -> Text,
        created_at -> BigInt,
        activated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    flags (name) {
        name -> Text,
        share_pct -> BigInt,
        changed_by -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        owner -> Text,
        fence -> BigInt,
        lease_until -> BigInt,
    }
}

diesel::table! {
    simulator_refunds (account, reference) {
        account -> Text,
        reference -> Text,
        connector_refund_id -> Text,
        connector_transaction_id -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        created_at -> BigInt,
        first_status -> Text,
        first_failure -> Nullable<Text>,
        turn_at -> Nullable<BigInt>,
        turn_status -> Nullable<Text>,
        turn_failure -> Nullable<Text>,
    }
}

diesel::table! {
    simulator_calls (account, reference) {
        account -> Text,
        reference -> Text,
        calls -> BigInt,
    }
}

diesel::table! {
    simulator_webhooks (delivery_id) {
        delivery_id -> Text,
        account -> Text,
        event_id -> Text,
        body -> Text,
        due_at -> BigInt,
        spoiled -> Bool,
        free_at -> BigInt,
        attempts -> BigInt,
    }
}

diesel::table! {
    reviews (refund_id) {
        refund_id -> Text,
        due_at -> BigInt,
        amount_minor -> BigInt,
        needs_info -> Bool,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<BigInt>,
        decided_by -> Nullable<Text>,
        decided_until -> Nullable<BigInt>,
        decided_amount_minor -> Nullable<BigInt>,
        decided_note -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<Text>,
    }
}

diesel::table! {
    review_skips (principal, refund_id) {
        principal -> Text,
        refund_id -> Text,
        reason -> Text,
        until -> BigInt,
    }
}

diesel::table! {
    saved_views (view_id) {
        view_id -> Text,
        owner -> Text,
        shared -> Bool,
        name -> Text,
        address -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    messages (message_id) {
        message_id -> Text,
        refund_id -> Text,
        author -> Text,
        to_customer -> Bool,
        body -> Text,
        created_at -> BigInt,
    }
}

#[rustfmt::skip]
diesel::allow_tables_to_appear_in_same_query!(
    customers, customer_profiles, orders, order_lines, payments, refunds, refund_lines, refund_notes, decisions,
    approvals, transitions, ledger_entries, attempts, provider_calls, outbox, inbox, idempotency, audit_records,
    audit_notes, audit_seals, audit_sealed, users, user_roles, api_tokens, second_factors, recovery_codes,
    staff_links, first_admin, sessions, links, drafts, policies, flags, leases, simulator_refunds, simulator_calls,
    simulator_webhooks, reviews, review_skips, saved_views, messages, evidence, evidence_looks,
    evidence_texts,
);
