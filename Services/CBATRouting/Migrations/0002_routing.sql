-- Who answers for which call, which pair has it, and why.

-- Every call that triage told of, with its latest word and where it stands with us.
create table routed_calls (
    id uuid not null,
    standing text not null,
    owner text,
    joined_to uuid,
    possible_duplicate_of uuid,
    decision int not null,
    body jsonb not null,
    updated_at timestamptz not null default clock_timestamp(),
    constraint routed_calls_pkey primary key (id),
    constraint routed_calls_standing_check check (
        standing in ('unrouted', 'assigned', 'joined', 'deferred', 'handed-off', 'cleared')),
    -- A call that was taken up always has exactly one owner.
    constraint routed_calls_owner_check check ((standing = 'unrouted') = (owner is null)),
    constraint routed_calls_joined_check check (standing <> 'joined' or joined_to is not null)
);
create index routed_calls_joined_to_idx on routed_calls (joined_to) where standing = 'joined';

-- Every offer and what became of it.
create table assignments (
    id uuid not null,
    call_id uuid not null,
    pairing text not null,
    unit_agency text not null,
    unit text not null,
    officer text not null,
    clinician text not null,
    status text not null,
    is_active boolean not null,
    version int not null,
    offered_at timestamptz not null,
    reported_at timestamptz,
    snapshot jsonb not null,
    constraint assignments_pkey primary key (id),
    constraint assignments_call_fkey foreign key (call_id) references routed_calls (id),
    constraint assignments_active_check check (
        is_active = (status in ('offered', 'accepted', 'enroute', 'staged', 'on-scene', 'contact')))
);
create index assignments_call_idx on assignments (call_id, offered_at);
create unique index assignments_one_active_a_call on assignments (call_id) where is_active;
create unique index assignments_one_active_a_unit on assignments (unit_agency, unit) where is_active;
create unique index assignments_one_active_an_officer on assignments (officer) where is_active;
create unique index assignments_one_active_a_clinician on assignments (clinician) where is_active;

-- One row a pairing of the roster: what its CAD last said, and the lock under which pairs are chosen.
create table pair_states (
    id text not null,
    body jsonb,
    constraint pair_states_pkey primary key (id)
);

-- The clinicians' time by community, one row an encounter.
create table clinician_minutes (
    assignment_id uuid not null,
    clinician text not null,
    community text not null,
    minutes int not null,
    cleared_at timestamptz not null,
    constraint clinician_minutes_pkey primary key (assignment_id),
    constraint clinician_minutes_assignment_fkey foreign key (assignment_id) references assignments (id),
    constraint clinician_minutes_check check (minutes >= 0)
);
create index clinician_minutes_cleared_at_idx on clinician_minutes (cleared_at);

-- Every roster that decided anything, as its authors wrote it.
create table rosters (
    hash text not null,
    version text not null,
    body text not null,
    first_used_at timestamptz not null default clock_timestamp(),
    constraint rosters_pkey primary key (hash)
);

-- What was decided, from which candidates.
create table routing_decisions (
    id uuid not null,
    call_id uuid not null,
    decided_at timestamptz not null,
    outcome text not null,
    roster_hash text not null,
    body jsonb not null,
    recorded bigint generated always as identity,
    constraint routing_decisions_pkey primary key (id),
    constraint routing_decisions_call_fkey foreign key (call_id) references routed_calls (id),
    constraint routing_decisions_roster_fkey foreign key (roster_hash) references rosters (hash)
);
create index routing_decisions_call_idx on routing_decisions (call_id, recorded);

create table roster_exceptions (
    id uuid not null,
    pairing text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    body jsonb not null,
    constraint roster_exceptions_pkey primary key (id),
    constraint roster_exceptions_span_check check (starts_at < ends_at)
);
create index roster_exceptions_ends_at_idx on roster_exceptions (ends_at);

-- The state of the road: one row.
create table road_closure (
    id boolean not null default true,
    body jsonb not null,
    constraint road_closure_pkey primary key (id),
    constraint road_closure_one_row check (id)
);
