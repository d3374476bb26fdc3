-- The tables every service has: what came in, what goes out, what waits, what was set aside.

-- What was handled, one row a message. The day is a pure function of the message id, so a redelivery always meets the
-- same unique index; ids that carry no time share the day 1970-01-01.
create table inbox (
    day date not null,
    message_id uuid not null,
    type text not null,
    outcome text not null default 'handled',
    handled_at timestamptz not null default clock_timestamp(),
    constraint inbox_pkey primary key (day, message_id),
    constraint inbox_outcome_check check (outcome in ('handled', 'retrying', 'parked'))
) partition by range (day);

create table inbox_undated partition of inbox for values from ('1970-01-01') to ('1970-01-02');

-- The append-only ledger of what this service said.
create sequence event_ids;
create table events (
    day date not null,
    id bigint not null,
    message_id uuid not null,
    exchange text not null,
    routing_key text not null,
    type text not null,
    partition_key uuid not null,
    correlation_id uuid,
    causation_id uuid,
    traceparent text,
    classification text not null,
    time timestamptz not null,
    body bytea not null,
    constraint events_pkey primary key (day, id)
) partition by range (day);

-- What is still to be published: narrow, because it churns.
create table outbox (
    id bigint not null,
    day date not null,
    partition_key uuid not null,
    attempts int not null default 0,
    constraint outbox_pkey primary key (id)
) with (
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);

create table retries (
    message_id uuid not null,
    type text not null,
    partition_key uuid,
    correlation_id uuid,
    traceparent text,
    body bytea not null,
    attempts int not null,
    next_at timestamptz not null,
    code text not null,
    detail text not null,
    constraint retries_pkey primary key (message_id)
);
create index retries_next_at_idx on retries (next_at);

create table parked (
    message_id uuid not null,
    type text not null,
    partition_key uuid,
    correlation_id uuid,
    traceparent text,
    -- Null when the message was too large to keep.
    body bytea,
    byte_count bigint not null,
    sha256 text not null,
    code text not null,
    detail text not null,
    times int not null default 1,
    parked_at timestamptz not null default clock_timestamp(),
    resolved_at timestamptz,
    resolution text,
    constraint parked_pkey primary key (message_id)
);
create index parked_open_idx on parked (parked_at) where resolved_at is null;

-- Due times are domain time.
create table timers (
    id uuid not null,
    kind text not null,
    due timestamptz not null,
    partition_key uuid not null,
    correlation_id uuid,
    traceparent text,
    body bytea not null,
    constraint timers_pkey primary key (id)
);
create index timers_due_idx on timers (due);

-- Messages that were being handled when the process died, and how often.
create table suspects (
    message_id uuid not null,
    tries int not null,
    constraint suspects_pkey primary key (message_id)
);

-- Who may call this service's HTTP interface. Tokens are stored hashed.
create table principals (
    token_sha256 bytea not null,
    name text not null,
    role text not null,
    agency text,
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    constraint principals_pkey primary key (token_sha256)
);
create unique index principals_name_key on principals (name) where revoked_at is null;

-- The service may not create tables; this one thing it may have done for it.
create function ensure_partitions(behind int, ahead int) returns int
language plpgsql security definer set search_path from current as $$
declare
    home text := current_schema();
    wanted date;
    made int := 0;
    parent text;
begin
    for wanted in select generate_series(current_date - behind, current_date + ahead, interval '1 day')::date loop
        foreach parent in array array['inbox', 'events'] loop
            if to_regclass(format('%I.%I', home, parent || '_' || to_char(wanted, 'YYYYMMDD'))) is null then
                execute format(
                    'create table %I.%I partition of %I.%I for values from (%L) to (%L)',
                    home, parent || '_' || to_char(wanted, 'YYYYMMDD'), home, parent, wanted, wanted + 1);
                made := made + 1;
            end if;
        end loop;
    end loop;
    return made;
end
$$;

-- What the auditor may see: ids, types, states and times; no bodies.
create view message_audit as
    select 'published' as direction, e.message_id, e.type, e.causation_id,
        case when o.id is null then 'published' else 'pending' end as state, e.time as at, e.exchange
    from events e left join outbox o on o.id = e.id
    union all
    select 'received', i.message_id, i.type, null, i.outcome, i.handled_at, null
    from inbox i;
