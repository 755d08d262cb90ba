create extension if not exists vector;
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"title" text NOT NULL,
	"topic" text,
	"course_id" uuid,
	"message_count" integer DEFAULT 0 NOT NULL,
	"total_tokens" integer DEFAULT 0 NOT NULL,
	"favourite" boolean DEFAULT false NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"last_message_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"parent_id" uuid,
	"turn_id" uuid,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"content_type" text DEFAULT 'text' NOT NULL,
	"parts" jsonb NOT NULL,
	"state" text NOT NULL,
	"refused" boolean DEFAULT false NOT NULL,
	"sources" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"citations" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"grounding" jsonb,
	"topics" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"feedback" text,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"tokens" integer DEFAULT 0 NOT NULL,
	"is_token_estimate" boolean DEFAULT false NOT NULL,
	"model" text,
	"response_time_ms" integer,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "turns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"question_id" uuid NOT NULL,
	"answer_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"input" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"request_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "usage_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"turn_id" uuid,
	"purpose" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"is_estimate" boolean DEFAULT false NOT NULL,
	"prompt" text,
	"ms" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faculties" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"name" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "institutions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"replaced_at" timestamp (3) with time zone,
	"answered_at" double precision
);
--> statement-breakpoint
CREATE TABLE "semesters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"faculty_id" uuid NOT NULL,
	"name" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"device" text NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "setup_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"private_key" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text NOT NULL,
	"tier" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "chunk_vectors" (
	"chunk_id" uuid NOT NULL,
	"space_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"conversation_id" uuid,
	"course_id" uuid,
	"faculty_id" uuid,
	"semester_id" uuid,
	"embedding" vector NOT NULL,
	CONSTRAINT "chunk_vectors_chunk_id_space_id_pk" PRIMARY KEY("chunk_id","space_id")
);
--> statement-breakpoint
CREATE TABLE "chunks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"conversation_id" uuid,
	"course_id" uuid,
	"faculty_id" uuid,
	"semester_id" uuid,
	"document_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"ord" integer NOT NULL,
	"page" integer NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	"heading_path" jsonb NOT NULL,
	"text" text NOT NULL,
	"token_count" smallint NOT NULL,
	"language" text,
	CONSTRAINT "chunks_ord" UNIQUE("version_id","ord")
);
--> statement-breakpoint
CREATE TABLE "document_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"document_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"file_id" uuid NOT NULL,
	"reading_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_versions_number" UNIQUE("document_id","number")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"conversation_id" uuid,
	"course_id" uuid,
	"faculty_id" uuid,
	"semester_id" uuid,
	"reach" text NOT NULL,
	"created_by" uuid NOT NULL,
	"title" text NOT NULL,
	"file_name" text NOT NULL,
	"media_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"status" text NOT NULL,
	"failure" jsonb,
	"notice" jsonb,
	"page_count" integer DEFAULT 0 NOT NULL,
	"chunk_count" integer DEFAULT 0 NOT NULL,
	"language" text,
	"version_number" integer DEFAULT 1 NOT NULL,
	"job_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "embedded_documents" (
	"space_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"completed_at" timestamp (3) with time zone,
	CONSTRAINT "embedded_documents_space_id_document_id_pk" PRIMARY KEY("space_id","document_id")
);
--> statement-breakpoint
CREATE TABLE "embedding_spaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"engine" text NOT NULL,
	"model" text NOT NULL,
	"dimension" integer NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	"storage_key" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "files_content" UNIQUE("institution_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "pages" (
	"reading_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"institution_id" uuid NOT NULL,
	"text" text NOT NULL,
	"headings" jsonb NOT NULL,
	"geometry" jsonb,
	CONSTRAINT "pages_reading_id_number_pk" PRIMARY KEY("reading_id","number")
);
--> statement-breakpoint
CREATE TABLE "readings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"parser" text NOT NULL,
	"title" text,
	"language" text,
	"page_count" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lexical_documents" (
	"document_id" uuid NOT NULL,
	"segment_id" integer NOT NULL,
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"version_id" uuid NOT NULL,
	"first_ordinal" integer NOT NULL,
	"chunk_count" integer NOT NULL,
	CONSTRAINT "lexical_documents_document_id_segment_id_pk" PRIMARY KEY("document_id","segment_id")
);
--> statement-breakpoint
CREATE TABLE "lexical_postings" (
	"institution_id" uuid NOT NULL,
	"bits" smallint NOT NULL,
	"bucket" integer NOT NULL,
	"segment_id" integer NOT NULL,
	"owner_id" uuid,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "lexical_postings_institution_id_bits_bucket_segment_id_pk" PRIMARY KEY("institution_id","bits","bucket","segment_id")
);
--> statement-breakpoint
CREATE TABLE "lexical_segments" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lexical_segments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"institution_id" uuid NOT NULL,
	"owner_id" uuid,
	"audience_id" uuid NOT NULL,
	"language" text,
	"bits" smallint NOT NULL,
	"chunk_count" integer NOT NULL,
	"dead_count" integer DEFAULT 0 NOT NULL,
	"chunk_table" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"percent" integer DEFAULT 0 NOT NULL,
	"step" text,
	"progress" jsonb,
	"result" jsonb,
	"failure" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"interruptions" integer DEFAULT 0 NOT NULL,
	"lease_holder" text,
	"lease_until" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"request_id" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"name" text PRIMARY KEY NOT NULL,
	"next_due_at" timestamp (3) with time zone NOT NULL,
	"last_run_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "journal_entries" (
	"journal_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"part" text NOT NULL,
	CONSTRAINT "journal_entries_journal_id_seq_pk" PRIMARY KEY("journal_id","seq")
);
--> statement-breakpoint
CREATE TABLE "journals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"institution_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"lease_holder" text,
	"lease_until" timestamp (3) with time zone,
	"epoch" integer DEFAULT 0 NOT NULL,
	"stop_requested_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_person_id_users_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_person_id_users_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_person_id_users_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_person_id_users_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faculties" ADD CONSTRAINT "faculties_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "semesters" ADD CONSTRAINT "semesters_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "semesters" ADD CONSTRAINT "semesters_faculty_id_faculties_id_fk" FOREIGN KEY ("faculty_id") REFERENCES "public"."faculties"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunk_vectors" ADD CONSTRAINT "chunk_vectors_chunk_id_chunks_id_fk" FOREIGN KEY ("chunk_id") REFERENCES "public"."chunks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunk_vectors" ADD CONSTRAINT "chunk_vectors_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunk_vectors" ADD CONSTRAINT "chunk_vectors_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunk_vectors" ADD CONSTRAINT "chunk_vectors_document" FOREIGN KEY ("space_id","document_id") REFERENCES "public"."embedded_documents"("space_id","document_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_version_id_document_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."document_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_reading_id_readings_id_fk" FOREIGN KEY ("reading_id") REFERENCES "public"."readings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedded_documents" ADD CONSTRAINT "embedded_documents_space_id_embedding_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."embedding_spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedded_documents" ADD CONSTRAINT "embedded_documents_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedded_documents" ADD CONSTRAINT "embedded_documents_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedding_spaces" ADD CONSTRAINT "embedding_spaces_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_reading_id_readings_id_fk" FOREIGN KEY ("reading_id") REFERENCES "public"."readings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "readings" ADD CONSTRAINT "readings_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "readings" ADD CONSTRAINT "readings_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD CONSTRAINT "journal_entries_journal_id_journals_id_fk" FOREIGN KEY ("journal_id") REFERENCES "public"."journals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_institution_id_index" ON "conversations" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "conversations_person_id_last_message_at_index" ON "conversations" USING btree ("person_id","last_message_at");--> statement-breakpoint
CREATE INDEX "messages_institution_id_index" ON "messages" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "messages_person_id_index" ON "messages" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "messages_conversation_id_created_at_index" ON "messages" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "messages_turn_id_index" ON "messages" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "turns_institution_id_index" ON "turns" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "turns_person_id_index" ON "turns" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "turns_conversation_id_created_at_index" ON "turns" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "usage_entries_institution_id_index" ON "usage_entries" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "usage_entries_person_id_created_at_index" ON "usage_entries" USING btree ("person_id","created_at");--> statement-breakpoint
CREATE INDEX "usage_entries_turn_id_index" ON "usage_entries" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "faculties_institution_id_index" ON "faculties" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_institution_id_index" ON "refresh_tokens" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_user_id_index" ON "refresh_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session_id_index" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "semesters_institution_id_index" ON "semesters" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "semesters_faculty_id_index" ON "semesters" USING btree ("faculty_id");--> statement-breakpoint
CREATE INDEX "sessions_institution_id_index" ON "sessions" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_index" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "users_institution_id_index" ON "users" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "chunk_vectors_space_id_document_id_index" ON "chunk_vectors" USING btree ("space_id","document_id");--> statement-breakpoint
CREATE INDEX "chunk_vectors_institution_id_index" ON "chunk_vectors" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "chunk_vectors_owner_id_index" ON "chunk_vectors" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "chunks_document_id_index" ON "chunks" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "chunks_institution_id_index" ON "chunks" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "chunks_owner_id_index" ON "chunks" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "document_versions_institution_id_index" ON "document_versions" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "document_versions_owner_id_index" ON "document_versions" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "document_versions_file_id_index" ON "document_versions" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "document_versions_reading_id_index" ON "document_versions" USING btree ("reading_id");--> statement-breakpoint
CREATE INDEX "documents_institution_id_owner_id_created_at_index" ON "documents" USING btree ("institution_id","owner_id","created_at");--> statement-breakpoint
CREATE INDEX "documents_owner_id_index" ON "documents" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "documents_created_by_index" ON "documents" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "documents_conversation_id_index" ON "documents" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "documents_course_id_index" ON "documents" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "embedded_documents_document_id_index" ON "embedded_documents" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "embedded_documents_institution_id_index" ON "embedded_documents" USING btree ("institution_id");--> statement-breakpoint
CREATE UNIQUE INDEX "embedding_spaces_state" ON "embedding_spaces" USING btree ("institution_id","state") WHERE state <> 'retired';--> statement-breakpoint
CREATE INDEX "pages_institution_id_index" ON "pages" USING btree ("institution_id");--> statement-breakpoint
CREATE UNIQUE INDEX "readings_complete" ON "readings" USING btree ("file_id","parser") WHERE completed_at is not null;--> statement-breakpoint
CREATE INDEX "readings_file_id_index" ON "readings" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "readings_institution_id_index" ON "readings" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "lexical_documents_segment_id_index" ON "lexical_documents" USING btree ("segment_id");--> statement-breakpoint
CREATE INDEX "lexical_documents_institution_id_index" ON "lexical_documents" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "lexical_segments_institution_id_audience_id_index" ON "lexical_segments" USING btree ("institution_id","audience_id");--> statement-breakpoint
CREATE INDEX "lexical_segments_owner_id_index" ON "lexical_segments" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "jobs_institution_id_index" ON "jobs" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "jobs_person_id_index" ON "jobs" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "journal_entries_institution_id_index" ON "journal_entries" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "journal_entries_person_id_index" ON "journal_entries" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "journals_institution_id_index" ON "journals" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "journals_person_id_index" ON "journals" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "journals_open" ON "journals" USING btree ("closed_at","lease_until");