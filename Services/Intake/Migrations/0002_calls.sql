create table calls (
    id uuid not null,
    agency text not null,
    number text not null,
    version int not null,
    status text not null,
    received_at timestamptz not null,
    updated_at timestamptz not null,
    -- The current version, whole.
    snapshot jsonb not null,
    constraint calls_pkey primary key (id),
    constraint calls_number_key unique (agency, number)
);
create index calls_active_received_at_idx on calls (received_at, id) where status = 'active';

-- Every version that ever came, late ones too.
create table call_versions (
    call_id uuid not null,
    version int not null,
    -- Of the call's content, so the same version sent again is known from one that differs.
    sha256 text not null,
    is_late boolean not null,
    handled_at timestamptz not null,
    snapshot jsonb not null,
    constraint call_versions_pkey primary key (call_id, version)
);

create table receipts (
    position bigint not null,
    agency text not null,
    message_id text,
    outcome text not null,
    sha256 text not null,
    at timestamptz not null,
    receipt jsonb not null,
    constraint receipts_pkey primary key (position)
);
create index receipts_agency_idx on receipts (agency, position);
-- A message counts once; one that was rejected may be sent again, mended, under its old id.
create unique index receipts_message_key on receipts (agency, message_id)
    where message_id is not null and outcome in ('accepted', 'updated', 'stale');

-- One row: the last position given out. Whoever handles CAD messages holds it until commit, so the order of positions
-- is the order of commits, and two agencies' calls about one event see each other.
create table receipt_head (
    only_row boolean not null default true,
    last bigint not null,
    constraint receipt_head_pkey primary key (only_row),
    constraint receipt_head_check check (only_row)
);
insert into receipt_head (last) values (0);
