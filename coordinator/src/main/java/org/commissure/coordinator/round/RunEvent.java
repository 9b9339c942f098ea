package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Set;
import org.commissure.protocol.v1.Signed;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a run. Events carry their own time, so that replaying them gives the
 * same state again. What a site said was verified before it became an event.
 */
public sealed interface RunEvent {

    /** Milliseconds since 1970, by the coordinator's clock. */
    long atUnixMs();

    /**
     * The first event of every run.
     *
     * @param sites signing certificates (DER) of all enrolled sites, by name
     * @param checkpointSha256 of the log's checkpoint before the run
     * @param sharedCount parameters that training sums are of
     * @param sharedSha256 which they are, {@link org.commissure.protocol.study.SharedPart#sha256}; empty for all
     * @param controlSha256 of the server's first control variate; empty where there is none
     */
    record RunStarted(
            long atUnixMs,
            String runId,
            String federationId,
            String studyText,
            ByteString modelSha256,
            long parameterCount,
            Map<String, ByteString> sites,
            Set<String> connected,
            ByteString checkpointSha256,
            long sharedCount,
            ByteString sharedSha256,
            ByteString controlSha256)
            implements RunEvent {
        /** Of a study that shares the whole model and corrects nothing. */
        public RunStarted(
                long atUnixMs,
                String runId,
                String federationId,
                String studyText,
                ByteString modelSha256,
                long parameterCount,
                Map<String, ByteString> sites,
                Set<String> connected,
                ByteString checkpointSha256) {
            this(
                    atUnixMs,
                    runId,
                    federationId,
                    studyText,
                    modelSha256,
                    parameterCount,
                    sites,
                    connected,
                    checkpointSha256,
                    parameterCount,
                    ByteString.EMPTY,
                    ByteString.EMPTY);
        }
    }

    /** The shell took the log's checkpoint: the sum that was due begins. */
    record SumStarted(long atUnixMs, ByteString checkpointSha256) implements RunEvent {}

    /** @param signingCertificate DER, as enrolled */
    record SiteConnected(long atUnixMs, String site, ByteString signingCertificate) implements RunEvent {}

    record SiteDisconnected(long atUnixMs, String site) implements RunEvent {}

    /** @param sinceUnixMs when the site was lost; a site that was back meanwhile is not meant */
    record GraceExpired(long atUnixMs, String site, long sinceUnixMs) implements RunEvent {}

    record DeadlineReached(long atUnixMs, Sum sum, String phase) implements RunEvent {}

    record InvitationAnswered(long atUnixMs, Sum sum, String site, boolean accepted, String reason)
            implements RunEvent {}

    record SiteAnswered(long atUnixMs, Sum sum, String site, Step step, Signed message) implements RunEvent {}

    /** A site gave up, or what it said was refused: it is out of this attempt. */
    record SiteDropped(long atUnixMs, Sum sum, String site, String step, String reason) implements RunEvent {}

    /**
     * The sum is open.
     *
     * @param modelSha256 the model a TRAIN sum produced, or an EVALUATE sum is about
     * @param evaluation of EVALUATE sums of a network
     * @param regional of EVALUATE sums of a regional study
     * @param phenotype of those sums of a study of kind phenotype or finetune that the coordinator reads
     * @param nextClipNorm where the clip norm adapts, what it is after a TRAIN sum
     * @param nextControlSha256 of the server's control variate after a TRAIN sum, where there is one
     * @param leftOut whose revealed shares were refused and why, by site; the sum was opened without them
     */
    record SumComputed(
            long atUnixMs,
            Sum sum,
            ByteString sumSha256,
            ByteString modelSha256,
            @Nullable EvaluationSummary evaluation,
            @Nullable RegionalScores regional,
            @Nullable PhenotypeResult phenotype,
            @Nullable Double nextClipNorm,
            @Nullable ByteString nextControlSha256,
            Map<String, String> leftOut)
            implements RunEvent {
        public SumComputed(
                long atUnixMs,
                Sum sum,
                ByteString sumSha256,
                ByteString modelSha256,
                @Nullable EvaluationSummary evaluation) {
            this(atUnixMs, sum, sumSha256, modelSha256, evaluation, null, null, null, null, Map.of());
        }

        SumComputed withControl(ByteString control) {
            return new SumComputed(
                    atUnixMs,
                    sum,
                    sumSha256,
                    modelSha256,
                    evaluation,
                    regional,
                    phenotype,
                    nextClipNorm,
                    control,
                    leftOut);
        }

        SumComputed without(Map<String, String> refused) {
            return new SumComputed(
                    atUnixMs,
                    sum,
                    sumSha256,
                    modelSha256,
                    evaluation,
                    regional,
                    phenotype,
                    nextClipNorm,
                    nextControlSha256,
                    refused);
        }
    }

    /** The sum cannot be opened or applied. */
    record SumFailed(long atUnixMs, Sum sum, String reason) implements RunEvent {}

    /** The sum is open, and by the study's own rule nothing may be made of it. */
    record SumWithheld(long atUnixMs, Sum sum, String reason) implements RunEvent {}

    record RunCancelled(long atUnixMs, String reason) implements RunEvent {}

    /** From the end of the present round on no other begins. */
    record RunPaused(long atUnixMs, String reason) implements RunEvent {}

    /** Rounds may begin again. */
    record RunContinued(long atUnixMs) implements RunEvent {}

    /** The coordinator itself cannot go on: a full disk, a defect. */
    record RunBroken(long atUnixMs, String reason) implements RunEvent {}

    /** The process came up again: every connection is lost, every timer and running job as well. */
    record Restarted(long atUnixMs) implements RunEvent {}
}
