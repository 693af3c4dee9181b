-- Entries. No foreign key leads to or from this table: it outlives what it speaks of.
CREATE SEQUENCE journal_entry_id AS bigint;

CREATE TABLE journal_entry (
    id            bigint      NOT NULL DEFAULT nextval('journal_entry_id'),
    subject       text COLLATE "C" NOT NULL,
    seq           integer     NOT NULL CHECK (seq > 0),
    verb          text        NOT NULL,
    actor_kind    text        NOT NULL,
    actor_account bigint,
    actor_voice   bigint,
    post          bigint,
    organisation  bigint,
    at            timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    data          jsonb       NOT NULL,
    version       smallint    NOT NULL,
    personal      bigint,
    commitment    bytea       CHECK (octet_length(commitment) = 32),
    prev          bytea       NOT NULL CHECK (octet_length(prev) = 32),
    hash          bytea       NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (recorded_at, id),
    CHECK (personal IS NULL OR commitment IS NOT NULL)
) PARTITION BY RANGE (recorded_at);
-- The history of a subject, and the order in which chains are verified.
CREATE INDEX journal_entry_subject ON journal_entry (subject, seq);

CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT;

CREATE TABLE journal_head (
    subject text COLLATE "C" PRIMARY KEY,
    seq     integer NOT NULL CHECK (seq >= 0),
    hash    bytea   NOT NULL CHECK (octet_length(hash) = 32)
-- seq and hash are in no index, so that a step changes its head in place.
) WITH (fillfactor = 70);

CREATE TABLE journal_personal (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject       text COLLATE "C" NOT NULL,
    purpose       text        NOT NULL,
    cipher        bytea,
    key_id        text        NOT NULL,
    written_at    timestamptz NOT NULL,
    erase_after   date,
    keep_until    date,
    keep_rule     text        NOT NULL DEFAULT '',
    restricted_at timestamptz,
    erased_at     timestamptz,
    erased_why    text        NOT NULL DEFAULT '',
    CHECK ((cipher IS NULL) = (key_id = '')),
    CHECK ((cipher IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX journal_personal_subject ON journal_personal (subject);
-- What the daily erasing job looks for.
CREATE INDEX journal_personal_due ON journal_personal (erase_after) WHERE erased_at IS NULL AND erase_after IS NOT NULL;

-- A day that takes no further entry, and then its seal. Two tables, so that neither row is ever changed.
CREATE TABLE journal_closing (
    day       date PRIMARY KEY,
    closed_at timestamptz NOT NULL
);
CREATE TABLE journal_seal (
    day       date PRIMARY KEY REFERENCES journal_closing,
    entries   bigint      NOT NULL CHECK (entries >= 0),
    root      bytea       NOT NULL CHECK (octet_length(root) = 32),
    prev      bytea       NOT NULL CHECK (octet_length(prev) = 32),
    hash      bytea       NOT NULL CHECK (octet_length(hash) = 32),
    sealed_at timestamptz NOT NULL
);

CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the journal only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- A day that is closed for its seal takes no further entry.
CREATE FUNCTION journal_entry_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_closing
                WHERE day >= ((NEW.recorded_at AT TIME ZONE 'UTC') + interval '8 hours')::date) THEN
        RAISE EXCEPTION 'the day of this entry is sealed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_day_sealed';
    END IF;
    RETURN NEW;
END $$;

-- A personal part is erased, encrypted anew, or given other dates; everything else about it stays.
CREATE FUNCTION journal_personal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.subject, NEW.purpose, NEW.written_at) IS DISTINCT FROM
       (OLD.id, OLD.subject, OLD.purpose, OLD.written_at) THEN
        RAISE EXCEPTION 'a personal part keeps its subject and purpose'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at IS NOT NULL THEN
        RAISE EXCEPTION 'an erased part stays erased' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- Row triggers on a partitioned table come to every partition; TRUNCATE has only statement triggers, which do not.
CREATE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_day BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_day_open();
CREATE TRIGGER journal_entry_whole BEFORE TRUNCATE ON journal_entry EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_whole BEFORE TRUNCATE ON journal_entry_default EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_head_kept BEFORE DELETE ON journal_head FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_head_whole BEFORE TRUNCATE ON journal_head EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_personal_kept BEFORE DELETE ON journal_personal FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_personal_whole BEFORE TRUNCATE ON journal_personal EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_personal_changed BEFORE UPDATE ON journal_personal
    FOR EACH ROW EXECUTE FUNCTION journal_personal_change();
CREATE TRIGGER journal_seal_kept BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_whole BEFORE TRUNCATE ON journal_seal EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_closing_kept BEFORE UPDATE OR DELETE ON journal_closing
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_closing_whole BEFORE TRUNCATE ON journal_closing EXECUTE FUNCTION journal_refuse();

-- Partitions by month of UTC. Runs with the rights of its owner, because the role that works has no DDL; whoever
-- calls it can make empty partitions within three years of `first` and nothing else. ATTACH, not PARTITION OF: it
-- does not stop those who are reading and writing.
CREATE FUNCTION journal_make_partitions(first date, months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    month date;
    name  text;
    made  integer := 0;
BEGIN
    IF months NOT BETWEEN 1 AND 36 THEN
        RAISE EXCEPTION 'between 1 and 36 months' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('journal_make_partitions'));
    FOR step IN 0 .. months - 1 LOOP
        month := (date_trunc('month', first::timestamp) + make_interval(months => step))::date;
        name := 'journal_entry_' || to_char(month, 'YYYY_MM');
        IF to_regclass(quote_ident(name)) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE journal_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            EXECUTE format('ALTER TABLE journal_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
                           to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
                           to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
            EXECUTE format('CREATE TRIGGER journal_entry_whole BEFORE TRUNCATE ON %I'
                           ' EXECUTE FUNCTION journal_refuse()', name);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

-- A function that runs with its owner's rights must not be led to tables of the caller.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION journal_make_partitions(date, integer) SET search_path = %I, pg_temp', current_schema());
END $$;
