-- The worker's own table: the peers' calls, column by column.
create table calls (
    id text not null,
    agency text not null,
    incident_type text not null,
    priority smallint not null,
    address text not null,
    lat double precision not null,
    lon double precision not null,
    received_at timestamptz not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),
    constraint calls_pkey primary key (id)
);
