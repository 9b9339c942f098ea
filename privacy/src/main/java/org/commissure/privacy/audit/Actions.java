package org.commissure.privacy.audit;

/** What a log entry can be about. Names are stable: auditors search for them. */
public final class Actions {
    public static final String FEDERATION_CREATED = "federation.created";
    public static final String SITE_INVITED = "site.invited";
    public static final String SITE_ENROLLED = "site.enrolled";
    public static final String ENROLMENT_REFUSED = "enrolment.refused";
    public static final String SITE_CONNECTED = "site.connected";
    public static final String SITE_DISCONNECTED = "site.disconnected";
    public static final String CONNECTION_REFUSED = "connection.refused";

    public static final String CERTIFICATE_RENEWED = "certificate.renewed";
    public static final String CERTIFICATE_ISSUED = "certificate.issued";
    public static final String MEMBER_REVOKED = "member.revoked";
    public static final String MEMBER_READMITTED = "member.readmitted";

    public static final String RUN_APPROVED = "run.approved";
    public static final String PLAN_PUBLISHED = "plan.published";
    public static final String PLAN_APPROVED = "plan.approved";
    public static final String PLAN_REFUSED = "plan.refused";
    public static final String PLAN_REVOKED = "plan.revoked";
    public static final String CONSENT_WITHDRAWN = "consent.withdrawn";
    public static final String CONSENT_RENEWED = "consent.renewed";

    public static final String RUN_STARTED = "run.started";
    public static final String RUN_RESUMED = "run.resumed";
    public static final String RUN_FINISHED = "run.finished";
    public static final String RUN_REFUSED = "run.refused";
    public static final String RUN_QUEUED = "run.queued";
    public static final String RUN_UNQUEUED = "run.unqueued";
    /** No round begins any more until the run is continued; the one under way goes on to its end. */
    public static final String RUN_PAUSED = "run.paused";

    public static final String RUN_CONTINUED = "run.continued";
    /** Files of ended runs were deleted; facts say how many of what. */
    public static final String RETENTION_APPLIED = "retention.applied";

    public static final String COHORT_SEALED = "cohort.sealed";
    public static final String INVITATION_ACCEPTED = "invitation.accepted";
    public static final String INVITATION_REFUSED = "invitation.refused";
    public static final String SUM_STARTED = "sum.started";
    public static final String ROSTER_FIXED = "roster.fixed";
    public static final String UPDATE_MASKED = "update.masked";
    public static final String PRIVACY_CHARGED = "privacy.charged";
    public static final String UPLOAD_COMPLETED = "upload.completed";
    public static final String SURVIVORS_AGREED = "survivors.agreed";
    public static final String SUM_RELEASED = "sum.released";
    public static final String SUM_CHECKED = "sum.checked";
    public static final String SUM_UNCHECKED = "sum.unchecked";
    /** An opened sum that the study does not let anybody use. */
    public static final String SUM_WITHHELD = "sum.withheld";

    public static final String SUM_ABORTED = "sum.aborted";
    /** A sum goes on without a site that the study requires. */
    public static final String SITE_MISSING = "site.missing";

    public static final String SITE_DROPPED = "site.dropped";
    public static final String MESSAGE_REFUSED = "message.refused";
    public static final String STEP_FAILED = "step.failed";

    public static final String MODEL_RELEASED = "model.released";
    public static final String EVALUATION_RELEASED = "evaluation.released";
    public static final String EVALUATION_UNAVAILABLE = "evaluation.unavailable";
    public static final String ROUND_ABORTED = "round.aborted";

    /** A site's agent names the key with which it cosigns checkpoints; fact {@code vkey}. */
    public static final String WITNESS_KEY = "witness.key";
    /** A site's agent saw a log that was forked or shortened. */
    public static final String CHECKPOINT_REFUSED = "checkpoint.refused";
    /** Somebody read the log from the coordinator. */
    public static final String LOG_READ = "log.read";

    private Actions() {}
}
