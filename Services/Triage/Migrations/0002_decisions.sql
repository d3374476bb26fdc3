-- The texts that decisions name by hash, so that each can be explained for ever.
create table rule_sets (
    hash text not null,
    version text not null,
    title text not null,
    text text not null,
    first_used_at timestamptz not null,
    constraint rule_sets_pkey primary key (hash)
);

-- Every decision as it was made, never changed.
create table decisions (
    call_id uuid not null,
    -- Counted from 1 for each call. The highest holds.
    decision bigint not null,
    call_version bigint not null,
    rule_set_hash text not null,
    -- Domain time: the only "now" the decision saw.
    handled_at timestamptz not null,
    document jsonb not null,
    constraint decisions_pkey primary key (call_id, decision),
    constraint decisions_rule_set_fkey foreign key (rule_set_hash) references rule_sets (hash)
);
create index decisions_handled_at_idx on decisions (handled_at);

-- Where each call stands; locked while it is decided. Empty until the call is first assessed.
create table call_states (
    call_id uuid not null,
    version bigint,
    status text,
    is_overridden boolean not null default false,
    record jsonb,
    constraint call_states_pkey primary key (call_id)
);

-- At which place each call was, for counting places that keep calling. No persons.
create table place_calls (
    call_id uuid not null,
    place_id uuid not null,
    received_at timestamptz not null,
    program text not null,
    -- False for cancelled calls and for a second agency's call about the same event.
    counts boolean not null,
    constraint place_calls_pkey primary key (call_id)
);
create index place_calls_place_idx on place_calls (place_id, received_at);

-- Locked while a place is counted; remembers that it was announced.
create table place_states (
    place_id uuid not null,
    is_announced boolean not null default false,
    constraint place_states_pkey primary key (place_id)
);
