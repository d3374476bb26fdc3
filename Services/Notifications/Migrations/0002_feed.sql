-- Every event once, in the order of its commit. What a person could be known by is apart, so it can be erased; the hash
-- of the whole remains.
create table feed (
    position bigint not null,
    message_id uuid not null,
    type text not null,
    source text not null,
    time timestamptz not null,
    correlation_id uuid,
    -- The call it is about: whose consent counts.
    call_id uuid,
    classification text not null,
    -- The agencies whose record it is.
    agencies text[] not null,
    -- Fields of class operational; the rest is in `restricted`.
    open jsonb not null,
    restricted jsonb,
    sha256 text not null,
    -- The disclosure policy in force when it was appended.
    policy text not null,
    constraint feed_pkey primary key (position),
    constraint feed_message_id_key unique (message_id)
);

create table feed_head (
    only_row boolean not null default true,
    last bigint not null,
    constraint feed_head_pkey primary key (only_row),
    constraint feed_head_check check (only_row)
);
insert into feed_head (last) values (0);

create table policies (
    sha256 text not null,
    text text not null,
    activated_at timestamptz not null default clock_timestamp(),
    constraint policies_pkey primary key (sha256)
);

-- Whether the person of a call agreed to be referred, as last known.
create table consents (
    call_id uuid not null,
    consent text not null,
    at timestamptz not null,
    constraint consents_pkey primary key (call_id)
);

create table partners (
    id text not null,
    name text not null,
    class text not null,
    agency text,
    created_at timestamptz not null default clock_timestamp(),
    removed_at timestamptz,
    constraint partners_pkey primary key (id)
);

-- What was shown to whom, when, under which policies. Field paths, never values.
create table disclosures (
    id bigint generated always as identity,
    partner text not null,
    position bigint not null,
    fields text[] not null,
    policy text not null,
    at timestamptz not null default clock_timestamp(),
    constraint disclosures_pkey primary key (id)
);
create index disclosures_partner_idx on disclosures (partner, position);
