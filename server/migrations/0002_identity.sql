CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"start" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"faculty_ids" uuid[] DEFAULT '{}' NOT NULL,
	"semester_ids" uuid[] DEFAULT '{}' NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mailed_codes" (
	"email" text NOT NULL,
	"purpose" text NOT NULL,
	"code_hash" text NOT NULL,
	"tries_left" integer NOT NULL,
	"sent_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mailed_codes_email_purpose_pk" PRIMARY KEY("email","purpose")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"subject_hash" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"blocked_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_faculties" (
	"user_id" uuid NOT NULL,
	"faculty_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	CONSTRAINT "user_faculties_user_id_faculty_id_pk" PRIMARY KEY("user_id","faculty_id")
);
--> statement-breakpoint
CREATE TABLE "user_semesters" (
	"user_id" uuid NOT NULL,
	"semester_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	CONSTRAINT "user_semesters_user_id_semester_id_pk" PRIMARY KEY("user_id","semester_id")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"service" text NOT NULL,
	"person_id" uuid,
	"action" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"sealed" "bytea",
	"request_id" text NOT NULL,
	"mac" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_links" (
	"position" bigint PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"form" integer NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person_keys" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"key_hash" text NOT NULL,
	"route_id" text NOT NULL,
	"content_hash" "bytea" NOT NULL,
	"status" integer,
	"body" text,
	"lease_until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_person_id_key_hash_pk" PRIMARY KEY("person_id","key_hash")
);
--> statement-breakpoint
ALTER TABLE "institutions" ADD COLUMN "join_code" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_verified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_secret" "bytea";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_last_step" integer;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "role_request" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_faculties" ADD CONSTRAINT "user_faculties_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_faculties" ADD CONSTRAINT "user_faculties_faculty_id_faculties_id_fk" FOREIGN KEY ("faculty_id") REFERENCES "public"."faculties"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_faculties" ADD CONSTRAINT "user_faculties_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_semesters" ADD CONSTRAINT "user_semesters_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_semesters" ADD CONSTRAINT "user_semesters_semester_id_semesters_id_fk" FOREIGN KEY ("semester_id") REFERENCES "public"."semesters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_semesters" ADD CONSTRAINT "user_semesters_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "api_keys_institution_id_index" ON "api_keys" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "api_keys_user_id_index" ON "api_keys" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_email" ON "invitations" USING btree ("institution_id","email");--> statement-breakpoint
CREATE INDEX "invitations_email_index" ON "invitations" USING btree ("email");--> statement-breakpoint
CREATE INDEX "mailed_codes_expires_at_index" ON "mailed_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "recovery_codes_institution_id_index" ON "recovery_codes" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "recovery_codes_user_id_index" ON "recovery_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_last_at_index" ON "sign_in_failures" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "user_faculties_faculty_id_index" ON "user_faculties" USING btree ("faculty_id");--> statement-breakpoint
CREATE INDEX "user_faculties_institution_id_index" ON "user_faculties" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "user_semesters_semester_id_index" ON "user_semesters" USING btree ("semester_id");--> statement-breakpoint
CREATE INDEX "user_semesters_institution_id_index" ON "user_semesters" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "audit_entries_in_order" ON "audit_entries" USING btree ("institution_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_entries_institution_id_person_id_index" ON "audit_entries" USING btree ("institution_id","person_id");--> statement-breakpoint
CREATE INDEX "audit_entries_institution_id_action_index" ON "audit_entries" USING btree ("institution_id","action");--> statement-breakpoint
CREATE INDEX "audit_entries_at_id_index" ON "audit_entries" USING btree ("at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_links_entry" ON "audit_links" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "audit_links_institution_id_index" ON "audit_links" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "person_keys_institution_id_index" ON "person_keys" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_institution_id_index" ON "idempotency_keys" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "institutions_join_code" ON "institutions" USING btree ("join_code");--> statement-breakpoint
-- Row-level security, as in 0001.
do $$ declare t text; begin
  foreach t in array array['user_faculties', 'user_semesters', 'invitations', 'mailed_codes', 'sign_in_failures',
    'recovery_codes', 'api_keys', 'audit_entries', 'audit_links', 'person_keys', 'idempotency_keys'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy backup on %I to lyceum_backup using (true)', t);
    execute format('grant select, insert, delete on %I to lyceum_backup', t);
  end loop;
  -- A person's own; and all of the institution's for a rule that acts for the institution, which names no person.
  foreach t in array array['user_faculties', 'user_semesters'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and ((select nullif(current_setting('app.person', true), '')) is null
        or user_id = (select nullif(current_setting('app.person', true), '')::uuid)))$p$, t);
    execute format('grant select, insert, delete on %I to lyceum_app', t);
  end loop;
  foreach t in array array['audit_entries', 'person_keys'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and ((select nullif(current_setting('app.person', true), '')) is null
        or person_id = (select nullif(current_setting('app.person', true), '')::uuid)))$p$, t);
  end loop;
  -- A person's own alone.
  foreach t in array array['recovery_codes', 'api_keys'] loop
    execute format($p$create policy app on %I to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
      and user_id = (select nullif(current_setting('app.person', true), '')::uuid))$p$, t);
    execute format('grant select, insert, update, delete on %I to lyceum_app', t);
  end loop;
end $$;
create policy app on idempotency_keys to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
  and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
grant select, insert, update, delete on idempotency_keys to lyceum_app;
-- The institution's, for a rule that acts for the institution.
create policy app on invitations to lyceum_app using (institution_id = (select nullif(current_setting('app.institution', true), '')::uuid)
  and (select nullif(current_setting('app.person', true), '')) is null);
grant select, insert, update, delete on invitations to lyceum_app;

-- What was done is added and read, never changed or taken away.
grant select, insert on audit_entries to lyceum_app;
grant select, insert, delete on person_keys to lyceum_app;

-- The door: before anyone is known.
do $$ declare t text; begin
  foreach t in array array['mailed_codes', 'sign_in_failures', 'invitations', 'api_keys', 'audit_entries', 'audit_links', 'person_keys', 'institutions'] loop
    execute format('create policy door on %I to lyceum_door using (true)', t);
  end loop;
end $$;
grant select, insert, update, delete on mailed_codes, sign_in_failures to lyceum_door;
grant select on invitations, api_keys to lyceum_door;
grant update (last_used_at) on api_keys to lyceum_door;
grant select, insert on audit_entries, audit_links, person_keys to lyceum_door;
grant select (id, join_code, deleted_at) on institutions to lyceum_door;
create policy door on user_faculties for select to lyceum_door using (true);
create policy door on user_semesters for select to lyceum_door using (true);
grant select on user_faculties, user_semesters to lyceum_door;
-- Old answers to repeated calls are taken away for everybody at once.
create policy door on idempotency_keys for delete to lyceum_door using (true);
create policy door_find on idempotency_keys for select to lyceum_door using (true);
grant select (created_at), delete on idempotency_keys to lyceum_door;
