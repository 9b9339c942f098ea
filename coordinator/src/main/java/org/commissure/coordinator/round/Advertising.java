package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.SortedSet;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SumKind;

/**
 * R0 and R1: the parties are fixed, sorted by name, and each advertises the keys of this attempt.
 *
 * <p>Waits for every party's advertise keys. Persisted before it speaks: who the parties are.
 *
 * <p>Failures: a party that is silent, gone or refused is left out of the roster and told so. Fewer
 * than the survivors a sum needs, or a required site missing → {@link Aborted}. Otherwise → {@link Sharing}.
 */
public record Advertising(Transcript transcript, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, SortedSet<String> parties, long atUnixMs) {
        Transcript transcript = Transcript.of(config(before, parties, atUnixMs));
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().keysSeconds();
        Advertising phase = new Advertising(transcript, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run)
                .plus(RoundLog.rosterFixed(run, atUnixMs, transcript))
                .plus(phase.enter(run));
    }

    private static SecureSumConfig config(RunState run, SortedSet<String> parties, long atUnixMs) {
        Study study = run.plan().study();
        SumEncoding encoding = SumEncoding.of(
                study, run.sum().kind(), run.sum().round(), run.plan().sharedCount(), parties.size());
        SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                .setFederationId(run.plan().federationId())
                .setSum(run.sumId())
                .setThreshold(Study.threshold(parties.size()))
                .setMaxColluders(study.quorum().maximumColluders())
                .setRingBits(SumEncoding.ringBits(study, run.sum().kind()))
                .setDimension(encoding.dimension())
                .setValueBound(encoding.valueBound())
                .setScaleLog2(encoding.scaleLog2())
                .setModelSha256(run.modelSha256())
                .setStudySha256(ByteString.copyFrom(run.plan().file().sha256()))
                .setPreviousCheckpointSha256(run.checkpointSha256())
                .setCreatedUnixMs(atUnixMs)
                .setClipNorm(run.announcedClipNorm())
                .setSharedSha256(run.sum().kind() == SumKind.TRAIN ? run.plan().sharedSha256() : ByteString.EMPTY)
                .setControlSha256(run.announcedControl())
                .setKeyExchange(2)
                .setSumCheck(study.secureAggregation().checksSum());
        for (String site : parties) {
            Member member = run.sites().get(site);
            if (member != null) {
                config.addParty(Party.newBuilder().setSite(site).setSigningCertificate(member.signingCertificate()));
            }
        }
        return config.build();
    }

    @Override
    public Step step() {
        return Step.ADVERTISE_KEYS;
    }

    @Override
    public SortedSet<Integer> members() {
        return transcript.parties();
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(site, transcript.config());
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Advertising(longer, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return goOn(run, atUnixMs, () -> Sharing.enter(run, transcript, atUnixMs));
    }
}
