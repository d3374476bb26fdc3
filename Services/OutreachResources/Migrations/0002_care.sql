-- A person's care. Exactly one owner, next action and deadline: none of the three can be missing.
create table episodes (
    id uuid not null,
    version int not null,
    call_id uuid not null,
    agency text not null,
    community text not null,
    status text not null,
    owner text not null,
    next_action text not null,
    deadline timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    -- When the fact happened that decided the owner; an older one that arrives late changes nothing.
    fact_at timestamptz not null,
    language text,
    age_band text,
    legal_status text not null,
    consent text not null,
    unmet_needs text[] not null,
    closed_because text,
    -- Why it closes, should nothing be owed any more.
    closes_as text not null,
    -- Agencies whose units met the person, beside the call's own.
    responders text[] not null,
    -- What somebody was told to do beside windows and referrals; all of it or nothing.
    task text,
    task_action text,
    task_owner text,
    task_deadline timestamptz,
    constraint episodes_pkey primary key (id),
    constraint episodes_status_check check (status in ('open', 'closed')),
    constraint episodes_owner_check check (owner <> ''),
    constraint episodes_next_action_check check (next_action <> ''),
    constraint episodes_closed_check check (
        (status = 'closed') = (closed_at is not null) and (status = 'closed') = (closed_because is not null)),
    constraint episodes_task_check check (
        num_nonnulls(task, task_action, task_owner, task_deadline) in (0, 4) and (task is null or status = 'open'))
);
create unique index episodes_open_call_key on episodes (call_id) where status = 'open';
create index episodes_call_idx on episodes (call_id);
create index episodes_deadline_idx on episodes (deadline) where status = 'open';

create table follow_ups (
    id uuid not null,
    episode_id uuid not null,
    time_window text not null,
    owner text not null,
    not_before timestamptz not null,
    due timestamptz not null,
    expires timestamptz not null,
    status text not null,
    attempts int not null,
    constraint follow_ups_pkey primary key (id),
    constraint follow_ups_episode_fkey foreign key (episode_id) references episodes (id),
    constraint follow_ups_status_check check (
        status in ('open', 'due', 'reached', 'not-reached', 'declined', 'expired')),
    constraint follow_ups_times_check check (not_before <= due and due < expires)
);
create index follow_ups_episode_idx on follow_ups (episode_id);

create table follow_up_attempts (
    id uuid not null,
    follow_up_id uuid not null,
    outcome text not null,
    made_by text not null,
    at timestamptz not null,
    constraint follow_up_attempts_pkey primary key (id),
    constraint follow_up_attempts_follow_up_fkey foreign key (follow_up_id) references follow_ups (id)
);
create index follow_up_attempts_follow_up_idx on follow_up_attempts (follow_up_id);

-- FHIR task states.
create table referrals (
    id uuid not null,
    version int not null,
    episode_id uuid not null,
    need text not null,
    service_id uuid not null,
    status text not null,
    status_reason text,
    updated_at timestamptz not null,
    -- SHA-256 of the directory that the service was chosen from.
    directory_hash text not null,
    constraint referrals_pkey primary key (id),
    constraint referrals_episode_fkey foreign key (episode_id) references episodes (id),
    constraint referrals_status_check check (
        status in (
            'draft', 'requested', 'accepted', 'rejected', 'cancelled', 'in-progress', 'on-hold', 'failed',
            'completed', 'entered-in-error'))
);
create index referrals_episode_idx on referrals (episode_id);

-- What somebody saw, and when. Only ever added to.
create table capacity_observations (
    service_id uuid not null,
    observed_at timestamptz not null,
    source text not null,
    free_count int,
    band text,
    constraint capacity_observations_pkey primary key (service_id, observed_at, source),
    constraint capacity_observations_known_check check (free_count is not null or band is not null)
);

-- An officer's casework.
create table cases (
    id uuid not null,
    program text not null,
    community text not null,
    place_id uuid,
    owner text not null,
    status text not null,
    next_action text not null,
    deadline timestamptz not null,
    opened_at timestamptz not null,
    last_call_at timestamptz not null,
    closed_because text,
    constraint cases_pkey primary key (id),
    constraint cases_status_check check (status in ('open', 'immediate', 'closed')),
    constraint cases_owner_check check (owner <> ''),
    constraint cases_next_action_check check (next_action <> '')
);
create unique index cases_open_place_key on cases (program, place_id) where status <> 'closed';
create index cases_deadline_idx on cases (deadline) where status <> 'closed';

create table case_calls (
    case_id uuid not null,
    call_id uuid not null,
    ordinal int not null,
    constraint case_calls_pkey primary key (case_id, call_id),
    constraint case_calls_case_fkey foreign key (case_id) references cases (id)
);
create index case_calls_call_idx on case_calls (call_id);

-- The highest triage decision seen of each call, and whose call it is.
create table triaged_calls (
    call_id uuid not null,
    decision int not null,
    agency text not null,
    constraint triaged_calls_pkey primary key (call_id)
);

-- SARA: scanning, analysis, response, assessment.
create table problems (
    id uuid not null,
    place_id uuid not null,
    community text not null,
    program text not null,
    stage text not null,
    owner text not null,
    next_action text not null,
    deadline timestamptz not null,
    opened_at timestamptz not null,
    closed_because text,
    constraint problems_pkey primary key (id),
    constraint problems_stage_check check (stage in ('scanning', 'analysis', 'response', 'assessment', 'closed'))
);
create unique index problems_open_place_key on problems (place_id) where stage <> 'closed';

create table problem_calls (
    problem_id uuid not null,
    call_id uuid not null,
    ordinal int not null,
    constraint problem_calls_pkey primary key (problem_id, call_id),
    constraint problem_calls_problem_fkey foreign key (problem_id) references problems (id)
);
create index problem_calls_call_idx on problem_calls (call_id);
