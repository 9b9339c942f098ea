package org.commissure.site.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SumRow;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt at one sum has in memory between two events. A phase changes it; the shell makes
 * it durable before the phase speaks. Confined to the round thread.
 */
final class SumInProgress {
    private final Signed invitation;
    private final RoundInvitation asked;
    private final long openedUnixMs;
    private SitePhase phase;
    private @Nullable StudyFile study;
    private Optional<SiteSum> secrets;
    private Optional<SiteFrame> answer;
    private String note;
    private final List<Signed> newEntries = new ArrayList<>();
    private Optional<SealStore.Seal> newSeal = Optional.empty();
    private Optional<ByteString> newCount = Optional.empty();
    private boolean hasForgotten;

    private SumInProgress(
            Signed invitation,
            RoundInvitation asked,
            SitePhase phase,
            long openedUnixMs,
            Optional<SiteSum> secrets,
            Optional<SiteFrame> answer,
            String note) {
        this.invitation = invitation;
        this.asked = asked;
        this.phase = phase;
        this.openedUnixMs = openedUnixMs;
        this.secrets = secrets;
        this.answer = answer;
        this.note = note;
    }

    /** @param invitation whose signature was checked */
    static SumInProgress asked(Signed invitation, RoundInvitation asked, long nowUnixMs) {
        return new SumInProgress(
                invitation, asked, new SealingPhase(), nowUnixMs, Optional.empty(), Optional.empty(), "");
    }

    /** As it was before the process died. */
    static SumInProgress restore(SumRow row, SiteServices site) {
        try {
            Signed invitation = Signed.parseFrom(row.invitation());
            return new SumInProgress(
                    invitation,
                    RoundInvitation.parseFrom(invitation.getPayload()),
                    SitePhase.named(row.phase()),
                    row.openedUnixMs(),
                    row.secrets().map(site::restoreSecrets),
                    row.answer().isPresent()
                            ? Optional.of(SiteFrame.parseFrom(row.answer().get()))
                            : Optional.empty(),
                    row.note());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the site's database holds " + row + " in a form that cannot be read", e);
        }
    }

    SumId id() {
        return asked.getSum();
    }

    /** The phase that was entered last. */
    SitePhase phase() {
        return phase;
    }

    RoundInvitation asked() {
        return asked;
    }

    ByteString invitationSha256() {
        return SignedMessages.sha256(invitation.getPayload());
    }

    /** Parsed from the invitation; the site accepted only what parses. */
    StudyFile studyFile() {
        if (study == null) {
            study = StudyFile.parse(asked.getStudyText());
        }
        return study;
    }

    Study study() {
        return studyFile().study();
    }

    /** @throws IllegalStateException before the sum has begun and after it has ended */
    SiteSum secrets() {
        return secrets.orElseThrow(() -> new IllegalStateException("this sum has no secrets"));
    }

    /** Whether the result counts this site among the survivors; never once the sum is over here. */
    boolean isIn(AggregateResult result) {
        return secrets.filter(
                        own -> bitmapHolds(result, own.index(), own.config().getPartyCount()))
                .isPresent();
    }

    private static boolean bitmapHolds(AggregateResult result, int index, int parties) {
        try {
            return Bitmaps.indices(result.getSurvivorsBitmap(), parties).contains(index);
        } catch (IllegalArgumentException e) {
            return false; // of other parties: it names nobody here
        }
    }

    void begin(SiteSum sum) {
        secrets = Optional.of(sum);
    }

    Optional<SiteFrame> answer() {
        return answer;
    }

    void answer(SiteFrame.Builder frame) {
        answer = Optional.of(frame.build());
    }

    /** The end: nothing secret stays, on disk neither. */
    void forget(String why) {
        secrets.ifPresent(SiteSum::wipe);
        hasForgotten |= secrets.isPresent();
        secrets = Optional.empty();
        answer = Optional.empty();
        note = why;
    }

    /** Why the sum ended early; empty where it did not. */
    String note() {
        return note;
    }

    /** A log entry that is signed now, stored with the next transition and sent after it. */
    void log(LogEntry entry, SiteServices site) {
        newEntries.add(site.signing().sign(entry));
    }

    Signed signedEntry(LogEntry entry, SiteServices site) {
        log(entry, site);
        return newEntries.getLast();
    }

    void seal(SealStore.Seal seal) {
        newSeal = Optional.of(seal);
    }

    /** The charge of that cohort's count is among the entries of the next transition. */
    void countStated(ByteString commitment) {
        newCount = Optional.of(commitment);
    }

    /** Enters {@code next}, durably, in one transaction; returns the entries that may be sent now. */
    List<Signed> enter(SitePhase next, SiteServices site) {
        SumRow row = new SumRow(
                id(),
                next.name(),
                SignedMessages.canonical(invitation).toByteArray(),
                secrets.map(SiteSum::save),
                answer.map(SiteFrame::toByteArray),
                note,
                openedUnixMs,
                site.clock().millis());
        site.database().transaction(handle -> {
            site.sums().save(handle, row);
            newEntries.forEach(entry -> site.outbox().add(handle, entry));
            newSeal.ifPresent(seal -> site.seals().save(handle, id().getRunId(), seal));
            newCount.ifPresent(commitment -> site.counts().stated(handle, commitment));
        });
        if (hasForgotten) {
            site.database().foldAway();
            hasForgotten = false;
        }
        phase = next;
        List<Signed> entries = List.copyOf(newEntries);
        newEntries.clear();
        newSeal = Optional.empty();
        newCount = Optional.empty();
        return entries;
    }

    @Override
    public String toString() {
        return describe(id());
    }

    static String describe(SumId id) {
        return "run " + id.getRunId() + " round " + id.getRound() + " " + id.getKind() + " attempt " + id.getAttempt();
    }
}
