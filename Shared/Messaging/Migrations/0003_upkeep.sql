-- What keeps the tables of 0001 small, and what people ask of parked messages.

-- Every time a message could not be handled, and why. Appended only.
create table failures (
    message_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    code text not null,
    detail text not null
);
create index failures_message_id_idx on failures (message_id, at);
create index failures_at_idx on failures (at);

-- Who had the content of a parked message shown.
create table parked_readings (
    message_id uuid not null,
    principal text not null,
    at timestamptz not null default clock_timestamp()
);

-- The days of the ledger and the inbox are whole tables, so forgetting one costs nothing. The service may not drop
-- tables; this it may have done: the oldest day that is older than `keep` days is dropped unless something still needs
-- it, namely a message of that day that is to be published, tried again, or looked at by a person.
--
-- Returns the table's name, or null when there is none to drop. Where somebody reads the table for long, a tenth of a
-- second is waited, so that nobody who comes behind waits for longer; it is dropped another time.
create function drop_oldest_day(keep int) returns text
language plpgsql security definer set search_path from current set lock_timeout = '100ms' as $$
declare
    home text := current_schema();
    part record;
begin
    if keep < 15 then
        raise exception 'messages are told apart by their inbox for 14 days: % days are too few', keep;
    end if;
    for part in
        with days as materialized (
            select child.relname as name, parent.relname as parent
            from pg_inherits
            join pg_class child on child.oid = inhrelid
            join pg_class parent on parent.oid = inhparent
            where child.relnamespace = home::regnamespace and parent.relnamespace = home::regnamespace
                and parent.relname in ('inbox', 'events') and child.relname ~ '_[0-9]{8}$'
        )
        select name, parent, to_date(right(name, 8), 'YYYYMMDD') as day from days
        where to_date(right(name, 8), 'YYYYMMDD') < current_date - keep
        order by 3, 2
    loop
        continue when day_is_needed(part.parent, part.name, part.day);
        begin
            execute format('lock table only %I.%I in access exclusive mode', home, part.parent);
            -- Again: somebody may have come to need it before the lock.
            if day_is_needed(part.parent, part.name, part.day) then
                raise lock_not_available;
            end if;
            execute format('drop table %I.%I', home, part.name);
            return part.name;
        exception when lock_not_available or undefined_table then
            null;
        end;
    end loop;
    return null;
end
$$;

create function day_is_needed(parent text, name text, wanted date) returns bool
language plpgsql set search_path from current as $$
declare
    needed bool;
begin
    if parent = 'events' then
        select exists (select from outbox where day = wanted) into needed;
    else
        execute format(
            'select exists (select from %I day join ('
            'select message_id from retries union all select message_id from parked where resolved_at is null'
            ') waiting using (message_id) where day.day = %L)', name, wanted) into needed;
    end if;
    return needed;
end
$$;
revoke execute on function drop_oldest_day(int), day_is_needed(text, text, date), ensure_partitions(int, int) from public;

-- The auditor compares days, because old ones are not there for ever.
create or replace view message_audit as
    select 'published' as direction, e.message_id, e.type, e.causation_id,
        case when o.id is null then 'published' else 'pending' end as state, e.time as at, e.exchange, e.day
    from events e left join outbox o on o.id = e.id
    union all
    select 'received', i.message_id, i.type, null, i.outcome, i.handled_at, null, i.day
    from inbox i;
