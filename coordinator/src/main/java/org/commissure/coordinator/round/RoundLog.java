package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Outcome;

/** What a run writes into the transparency log, always as the coordinator's own statement. */
final class RoundLog {
    private RoundLog() {}

    static Command runStarted(RunState run, long atUnixMs) {
        RunPlan plan = run.plan();
        return new Command.Append(LogEntries.of(Actions.RUN_STARTED, Outcome.DONE, Instant.ofEpochMilli(atUnixMs))
                .actor("coordinator")
                .run(plan.runId())
                .detail(plan.study().study().name())
                .fact("purpose", plan.study().study().purpose())
                .fact("study_sha256", hex(ByteString.copyFrom(plan.file().sha256())))
                .fact("model_sha256", hex(plan.initialModelSha256()))
                .fact("parameters", Long.toString(plan.parameterCount()))
                .fact("sites", String.join(" ", run.sites().keySet()))
                .build());
    }

    static Command sumStarted(RunState run, long atUnixMs) {
        return append(
                entry(run, Actions.SUM_STARTED, Outcome.DONE, atUnixMs).fact("model_sha256", hex(run.modelSha256())));
    }

    static Command refused(RunState run, RunEvent.InvitationAnswered event) {
        return append(entry(run, Actions.INVITATION_REFUSED, Outcome.REFUSED, event.atUnixMs())
                .detail(event.reason())
                .fact("site", event.site()));
    }

    static Command rosterFixed(RunState run, long atUnixMs, Transcript transcript) {
        return append(entry(run, Actions.ROSTER_FIXED, Outcome.DONE, atUnixMs)
                .fact("config_sha256", hex(transcript.configHash()))
                .fact("parties", String.join(" ", transcript.names(transcript.parties())))
                .fact("threshold", Integer.toString(transcript.config().getThreshold())));
    }

    static Command uploaded(RunState run, RunEvent.SiteAnswered event) {
        MaskedHeader header;
        try {
            header = MaskedHeader.parseFrom(event.message().getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a header that was never verified", e);
        }
        return append(entry(run, Actions.UPLOAD_COMPLETED, Outcome.DONE, event.atUnixMs())
                .fact("bytes", Long.toString(header.getVectorBytes()))
                .fact("masked_sha256", hex(header.getVectorSha256()))
                .fact("site", event.site()));
    }

    static Command withheld(RunState run, long atUnixMs, String reason) {
        return append(
                entry(run, Actions.SUM_WITHHELD, Outcome.REFUSED, atUnixMs).detail(reason));
    }

    /** One entry for each of {@code sites}, without which the sum goes on. */
    static List<Command> missing(RunState run, long atUnixMs, SortedSet<String> sites) {
        return sites.stream()
                .map(site -> append(entry(run, Actions.SITE_MISSING, Outcome.DONE, atUnixMs)
                        .detail("the sum goes on without a site that the study requires")
                        .fact("site", site)))
                .toList();
    }

    static Command dropped(RunState run, long atUnixMs, String site, String why) {
        return append(entry(run, Actions.SITE_DROPPED, Outcome.REFUSED, atUnixMs)
                .detail(why)
                .fact("site", site));
    }

    static Command graceOver(RunState run, long atUnixMs, String site) {
        return append(entry(run, Actions.SITE_DISCONNECTED, Outcome.DONE, atUnixMs)
                .detail("did not return within the reconnect grace")
                .fact("site", site));
    }

    static Command survivorsAgreed(RunState run, long atUnixMs, Transcript transcript) {
        return append(entry(run, Actions.SURVIVORS_AGREED, Outcome.DONE, atUnixMs)
                .fact(
                        "survivors",
                        String.join(
                                " ",
                                transcript.names(
                                        transcript.of(Step.MASKED_HEADER).keySet())))
                .fact(
                        "voters",
                        String.join(
                                " ",
                                transcript.names(
                                        transcript.of(Step.SURVIVOR_VOTE).keySet()))));
    }

    static Command aborted(RunState run, long atUnixMs, String reason) {
        return append(entry(run, Actions.SUM_ABORTED, Outcome.ABORTED, atUnixMs).detail(reason));
    }

    /** The last attempt failed too. */
    static Command givenUp(RunState run, long atUnixMs, String reason) {
        String action = Course.releasesModel(run.sum().kind()) ? Actions.ROUND_ABORTED : Actions.EVALUATION_UNAVAILABLE;
        return append(entry(run, action, Outcome.ABORTED, atUnixMs).detail(reason));
    }

    static Command resumed(RunState run, long atUnixMs) {
        return append(entry(run, Actions.RUN_RESUMED, Outcome.DONE, atUnixMs));
    }

    static Command paused(RunState run, RunEvent.RunPaused event) {
        return append(
                entry(run, Actions.RUN_PAUSED, Outcome.DONE, event.atUnixMs()).detail(event.reason()));
    }

    static Command continued(RunState run, RunEvent.RunContinued event) {
        return append(entry(run, Actions.RUN_CONTINUED, Outcome.DONE, event.atUnixMs()));
    }

    static Command released(RunState run, RunEvent.SumComputed event, List<String> survivors) {
        return append(entry(run, Actions.SUM_RELEASED, Outcome.DONE, event.atUnixMs())
                .fact("sum_sha256", hex(event.sumSha256()))
                .fact("survivors", String.join(" ", survivors)));
    }

    static Command unchecked(RunState run, long atUnixMs, Exchanging phase) {
        List<Integer> missing = phase.members().stream()
                .filter(index -> !phase.answers().containsKey(index))
                .toList();
        return append(entry(run, Actions.SUM_UNCHECKED, Outcome.FAILED, atUnixMs)
                .detail("the sum is released without its check: not every survivor answered with its "
                        + phase.step().label())
                .fact("missing", String.join(" ", phase.transcript().names(missing))));
    }

    /** Shares that did not fit what their owners published, where the sum was opened with those of others. */
    static List<Command> leftOut(RunState run, RunEvent.SumComputed event) {
        return event.leftOut().entrySet().stream()
                .map(refused -> append(entry(run, Actions.MESSAGE_REFUSED, Outcome.REFUSED, event.atUnixMs())
                        .detail(refused.getValue())
                        .fact("peer", refused.getKey())))
                .toList();
    }

    static Command modelReleased(RunState run, RunEvent.SumComputed event) {
        LogEntries entry = entry(run, Actions.MODEL_RELEASED, Outcome.DONE, event.atUnixMs())
                .fact("input_model_sha256", hex(run.modelSha256()))
                .fact("model_sha256", hex(event.modelSha256()));
        Double nextClipNorm = event.nextClipNorm();
        if (nextClipNorm != null) {
            entry = entry.fact("clip_norm", run.clipNorm()).fact("next_clip_norm", nextClipNorm);
        }
        ByteString control = event.nextControlSha256();
        if (control != null) {
            entry = entry.fact("control_sha256", hex(control));
        }
        return append(entry);
    }

    static Command evaluationReleased(RunState run, RunEvent.SumComputed event) {
        LogEntries entry = entry(run, Actions.EVALUATION_RELEASED, Outcome.DONE, event.atUnixMs())
                .fact("model_sha256", hex(event.modelSha256()));
        EvaluationSummary evaluation = event.evaluation();
        if (evaluation != null) {
            entry = entry.fact("r2", Double.toString(evaluation.r2()))
                    .fact("mse", Double.toString(evaluation.mse()))
                    .fact("r2_parcel_mean", Double.toString(evaluation.r2ParcelMean()))
                    .fact("r2_interpolation", Double.toString(evaluation.r2Interpolation()))
                    .fact("patients", Long.toString(evaluation.patients()))
                    .fact("sites", Integer.toString(evaluation.sites()));
        }
        RegionalScores regional = event.regional();
        if (regional != null) {
            entry = entry.fact("patients", Long.toString(regional.patients()))
                    .fact("sites", Integer.toString(regional.sites()));
            for (RegionalScores.Candidate candidate : regional.candidates()) {
                entry = entry.fact(
                        candidate.name(),
                        "r " + candidate.r().mean() + ", ks " + candidate.ks().mean() + ", total "
                                + candidate.total().mean());
            }
        }
        PhenotypeResult phenotype = event.phenotype();
        return append(phenotype == null ? entry : phenotype(entry, phenotype));
    }

    private static LogEntries phenotype(LogEntries entry, PhenotypeResult result) {
        PhenotypeResult.Overlap overlap = result.overlap();
        LogEntries told = entry.fact("sites", Integer.toString(result.sites()));
        return overlap == null
                ? told
                : told.fact("shared_series", Long.toString(overlap.shared()))
                        .fact("unresolved_buckets", Long.toString(overlap.unresolved()))
                        .detail(
                                overlap.shared() + overlap.unresolved() == 0
                                        ? "no patient's series is at more than one site"
                                        : "WARNING: patients' series are at more than one site");
    }

    static Command runFinished(RunState run, long atUnixMs) {
        Outcome outcome = switch (run.outcome()) {
            case FINISHED, RUNNING -> Outcome.DONE;
            case FAILED -> Outcome.FAILED;
            case CANCELLED -> Outcome.ABORTED;
        };
        return new Command.Append(LogEntries.of(Actions.RUN_FINISHED, outcome, Instant.ofEpochMilli(atUnixMs))
                .actor("coordinator")
                .run(run.plan().runId())
                .round(run.sum().round())
                .detail(run.reason())
                .fact("model_sha256", hex(run.modelSha256()))
                .fact("outcome", run.outcome().name())
                .build());
    }

    static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static LogEntries entry(RunState run, String action, Outcome outcome, long atUnixMs) {
        return LogEntries.of(action, outcome, Instant.ofEpochMilli(atUnixMs))
                .actor("coordinator")
                .run(run.plan().runId())
                .round(run.sum().round())
                .attempt(run.sum().attempt())
                .phase(run.phase().label())
                .fact("sum", run.sum().kind().name());
    }

    private static Command append(LogEntries entry) {
        return new Command.Append(entry.build());
    }
}
