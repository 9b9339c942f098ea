package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.commissure.coordinator.aggregation.UploadRefusedException;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.CheckOpening;
import org.commissure.protocol.v1.CheckValue;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StepFailed;
import org.commissure.protocol.v1.SurvivorVote;
import org.commissure.protocol.v1.UnmaskShares;

/**
 * Turns what a site says into events, once it is verified. A message of another attempt, or of a step
 * that is over, gives a note; a message that must not be believed drops the site from the attempt.
 */
final class SiteFrames {
    private final CoordinatorSums sums;
    private final UploadSpool spool;

    SiteFrames(CoordinatorSums sums, UploadSpool spool) {
        this.sums = sums;
        this.spool = spool;
    }

    /** Either an event, or why there is none. */
    record Reading(Optional<RunEvent> event, String note) {
        static Reading of(RunEvent event) {
            return new Reading(Optional.of(event), "");
        }

        static Reading ignored(String note) {
            return new Reading(Optional.empty(), note);
        }
    }

    Reading invitationReply(RunState run, String site, X509Certificate certificate, Signed signed, long atUnixMs) {
        try {
            sums.checkSigner(certificate);
            InvitationReply reply = SignedMessages.open(signed, InvitationReply.parser(), certificate);
            if (!run.sum().is(reply.getSum(), run.plan().runId()) || !(run.phase() instanceof Inviting inviting)) {
                return Reading.ignored("late invitation reply of " + site + "; the run is at " + run.sum() + ", "
                        + run.phase().label());
            }
            ByteString expected = SignedMessages.sha256(SignedMessages.canonical(inviting.invitation(run)));
            if (!reply.getInvitationSha256().equals(expected)) {
                return dropped(
                        run, site, "invitation reply", "it answers another invitation than the one sent", atUnixMs);
            }
            return Reading.of(new RunEvent.InvitationAnswered(
                    atUnixMs, run.sum(), site, reply.getAccepted(), plain(reply.getReason())));
        } catch (CertificateRefusedException | BadSignatureException e) {
            return dropped(run, site, "invitation reply", String.valueOf(e.getMessage()), atUnixMs);
        }
    }

    Reading stepFailed(RunState run, String site, StepFailed failed, long atUnixMs) {
        return run.sum().is(failed.getSum(), run.plan().runId())
                ? dropped(run, site, plain(failed.getStep()), plain(failed.getReason()), atUnixMs)
                : Reading.ignored("a failure of " + site + " in a sum that is over: " + plain(failed.getReason()));
    }

    /** Any of the signed answers of a secure sum. Reads the whole upload for a masked header. */
    Reading answer(RunState run, String site, Step step, Signed signed, long atUnixMs) {
        if (!(run.phase() instanceof Exchanging phase)
                || phase.step() != step
                || !isOf(phase.transcript(), step, signed)) {
            return Reading.ignored("late " + step.label() + " of " + site + "; the run is at " + run.sum() + ", "
                    + run.phase().label());
        }
        try {
            int index = switch (phase) {
                case Challenging check -> sums.checkOpening(check.transcript(), check.resultSha256(run), signed);
                case Proving check -> sums.checkValue(check.transcript(), check.resultSha256(run), signed);
                default -> sums.check(phase.transcript(), step, signed);
            };
            if (!phase.transcript().name(index).equals(site)) {
                return dropped(run, site, step.label(), "it is signed by another site", atUnixMs);
            }
            if (step == Step.MASKED_HEADER) {
                spool.check(run.sumId(), site, MaskedHeader.parseFrom(signed.getPayload()));
            }
            Signed said = signed;
            if (step == Step.SHARE_KEYS) {
                // A site that deals anew is not heard, and must not change what it dealt either.
                if (!phase.answers().containsKey(index)) {
                    spool.keepDealt(run.sumId(), site, signed.getPayload());
                }
                said = CoordinatorSum.headerOnly(signed);
            }
            return Reading.of(new RunEvent.SiteAnswered(atUnixMs, run.sum(), site, step, said));
        } catch (CoordinatorSums.UnusableTranscriptException e) {
            return Reading.of(new RunEvent.SumFailed(atUnixMs, run.sum(), String.valueOf(e.getMessage())));
        } catch (SecAggException | UploadRefusedException e) {
            return dropped(run, site, step.label(), String.valueOf(e.getMessage()), atUnixMs);
        } catch (InvalidProtocolBufferException e) {
            return dropped(run, site, step.label(), "it cannot be decoded", atUnixMs);
        } catch (IOException e) {
            throw new UncheckedIOException("what a site sent cannot be kept, or not be read back", e);
        }
    }

    /** Whether a message belongs to this attempt: by the hash it is bound to, before it is believed. */
    private static boolean isOf(Transcript transcript, Step step, Signed signed) {
        try {
            ByteString payload = signed.getPayload();
            return switch (step) {
                case ADVERTISE_KEYS ->
                    AdvertiseKeys.parseFrom(payload).getConfigHash().equals(transcript.configHash());
                case SHARE_KEYS -> ShareKeys.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
                case MASKED_HEADER ->
                    MaskedHeader.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
                case SURVIVOR_VOTE ->
                    SurvivorVote.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
                case UNMASK_SHARES ->
                    UnmaskShares.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
                case CHECK_OPENING ->
                    CheckOpening.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
                case CHECK_VALUE ->
                    CheckValue.parseFrom(payload).getRosterHash().equals(transcript.rosterHash());
            };
        } catch (InvalidProtocolBufferException e) {
            return true; // undecodable: let the check refuse it by name
        }
    }

    private static Reading dropped(RunState run, String site, String step, String reason, long atUnixMs) {
        return Reading.of(new RunEvent.SiteDropped(atUnixMs, run.sum(), site, step, reason));
    }

    /** A site's own words go into the log and onto a terminal: one line, of bounded length. */
    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.substring(0, Math.min(500, line.length()));
    }
}
