//! The tables of evidence, as the migrations make them; a part of [`super::schema`].

diesel::table! {
    evidence (evidence_id) {
        evidence_id -> Text,
        owner -> Text,
        customer_id -> Nullable<Text>,
        refund_id -> Nullable<Text>,
        position -> Nullable<BigInt>,
        place -> Text,
        kind -> Text,
        size_bytes -> BigInt,
        sha256 -> Text,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        pages -> BigInt,
        taken -> Nullable<Text>,
        scan -> Text,
        scan_found -> Nullable<Text>,
        scanned_at -> Nullable<BigInt>,
        key_id -> Text,
        wrapped_key -> Text,
        created_at -> BigInt,
        attached_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        unreadable_by -> Nullable<Text>,
        unreadable_at -> Nullable<BigInt>,
        erased_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    evidence_looks (evidence_id, principal, manner, page) {
        evidence_id -> Text,
        principal -> Text,
        manner -> Text,
        page -> BigInt,
        first_at -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    evidence_texts (evidence_id) {
        evidence_id -> Text,
        file_name -> Text,
        alt -> Text,
    }
}
