-- Row-level security, forced on every table. Two roles, without log-in, that the server works in:
--   lyceum_app   works within one institution, and for one person on what is personal
--   lyceum_door  may look up accounts and sessions before anyone is known, find unfinished work, and append to journals
-- And one for whoever holds the database's address, never entered by the server:
--   lyceum_backup  reads and writes everything, to copy an installation out and in
-- A transaction enters one of them with `set local role`; the settings app.institution and app.person say for whom.
-- An unset setting reads as '' after its first use, so `nullif`; the sub-select is evaluated once a statement.
insert into installation (id) values (gen_random_uuid());
insert into institutions (id, name) values ('00000000-0000-7000-8000-000000000001', 'Lyceum');

-- Roles belong to the whole server: another database of ours may have made them already, even at this moment.
do $$ declare wanted text; begin
  foreach wanted in array array['lyceum_app', 'lyceum_door', 'lyceum_backup'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I nologin', wanted); end if;
    exception when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, wanted, 'member') then execute format('grant %I to current_user', wanted); end if;
  end loop;
end $$;
grant usage on schema public to lyceum_app, lyceum_door, lyceum_backup;

do $$ declare t text; begin
  for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- The institution's: everyone in it, once the rule has said who may.
create policy app on institutions to lyceum_app using (id = (select nullif(current_setting('app.institution', true), '')::uuid));
do $$ declare t text; begin
  foreach t in array array['faculties', 'semesters', 'users', 'files', 'readings', 'embedding_spaces', 'embedded_documents'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid))$p$, t);
  end loop;
  -- A person's own alone.
  foreach t in array array['sessions', 'refresh_tokens'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and user_id = (select nullif(current_setting('app.person', true), '')::uuid))$p$, t);
  end loop;
  foreach t in array array['conversations', 'messages', 'turns', 'usage_entries', 'jobs', 'journals', 'journal_entries'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and person_id = (select nullif(current_setting('app.person', true), '')::uuid))$p$, t);
  end loop;
  -- A person's own, or shared where there is no owner.
  foreach t in array array['documents', 'document_versions', 'chunks', 'lexical_segments', 'lexical_documents', 'lexical_postings', 'chunk_vectors'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and (owner_id is null or owner_id = (select nullif(current_setting('app.person', true), '')::uuid)))$p$, t);
  end loop;
end $$;

-- Same bytes are read once in an institution: a page is in reach through any version that is.
create policy app on pages to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
  and exists (select from document_versions v where v.reading_id = pages.reading_id))
  with check (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid));

-- The bytes are packed already.
alter table lexical_postings alter bytes set storage external;
alter table lexical_segments alter chunk_table set storage external;

grant select, insert, update, delete on all tables in schema public to lyceum_app;
revoke all on schema_migrations, signing_keys, setup_codes, schedules, installation from lyceum_app;
revoke insert, update, delete on institutions from lyceum_app;

-- The door: looks up, changes nothing but what is named here.
do $$ declare t text; begin
  foreach t in array array['users', 'sessions', 'refresh_tokens', 'jobs', 'journals'] loop
    execute format('create policy door on %I for select to lyceum_door using (true)', t);
  end loop;
end $$;
grant select on users, sessions, refresh_tokens to lyceum_door;
grant select (id, institution_id, person_id, kind, state, due_at, lease_until) on jobs to lyceum_door;
grant select (id, institution_id, person_id, kind, epoch, lease_holder, lease_until, stop_requested_at, closed_at, created_at) on journals to lyceum_door;
-- Journals of all who are being answered are written in one commit, and their leases renewed in one.
create policy door_renew on journals for update to lyceum_door using (true);
grant update (lease_until) on journals to lyceum_door;
create policy door_append on journal_entries for insert to lyceum_door with check (true);
grant insert on journal_entries to lyceum_door;
create policy door on signing_keys to lyceum_door using (true);
create policy door on setup_codes to lyceum_door using (true);
grant select, insert on signing_keys to lyceum_door;
grant select, insert, delete on setup_codes to lyceum_door;
create policy door on schedules to lyceum_door using (true);
grant select, insert, update on schedules to lyceum_door;
create policy door on installation for select to lyceum_door using (true);
grant select on installation to lyceum_door;

-- A copy of everything, out and in: `lyceum backup` and `lyceum restore` alone enter this role.
do $$ declare t text; begin
  for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
    execute format('create policy backup on %I to lyceum_backup using (true)', t);
  end loop;
end $$;
grant select, insert, delete on all tables in schema public to lyceum_backup;
revoke all on schema_migrations from lyceum_backup;
grant usage, update on all sequences in schema public to lyceum_backup;
-- Documents that a space of vectors lacks: whose they are and where they stand, nothing of what they say.
do $$ declare t text; begin
  foreach t in array array['documents', 'embedding_spaces', 'embedded_documents'] loop
    execute format('create policy door on %I for select to lyceum_door using (true)', t);
  end loop;
end $$;
grant select (id, institution_id, owner_id, created_by, job_id, status, chunk_count, created_at, deleted_at) on documents to lyceum_door;
grant select (id, institution_id, engine, model, state) on embedding_spaces to lyceum_door;
grant select (space_id, document_id, completed_at) on embedded_documents to lyceum_door;
