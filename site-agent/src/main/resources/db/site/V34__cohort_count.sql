-- The number of admitted patients as it may leave: one draw of noise for each cohort, for ever, so that asking again
-- averages nothing. stated: the log entry of its charge is signed.
CREATE TABLE cohort_count (
  commitment BLOB    PRIMARY KEY,
  noised     INTEGER NOT NULL,
  epsilon    REAL    NOT NULL,
  delta      REAL    NOT NULL,
  stated     INTEGER NOT NULL DEFAULT 0
);
