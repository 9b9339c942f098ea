package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.privacy.secagg.Dealt;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.MaskedSum;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.privacy.secagg.Unmasker;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckChallenge;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.UpdateEncoding;

/** One sum, step by step; what the coordinator's state machine does, without its care. */
final class Conversation {
    final SumId sum;
    private final StudyFile study;
    private final FakeCoordinator coordinator;
    private final List<SiteUnderTest> sites;
    boolean restartAfterEachStep;
    final List<Signed> advertised = new ArrayList<>();
    final List<Signed> shared = new ArrayList<>();
    double clipNorm;
    /** Of the server's control variate, where the study has one. */
    ByteString control = ByteString.EMPTY;
    /** Whose vectors the released sum is said to hold; all if absent. */
    Optional<Set<Integer>> survivors = Optional.empty();

    final List<Signed> headers = new ArrayList<>();
    Roster roster = Roster.getDefaultInstance();
    int[] opened = {};
    private ByteString rosterHash = ByteString.EMPTY;

    /** Of those sites, all of which are connected. */
    Conversation(SumId sum, StudyFile study, FakeCoordinator coordinator, List<SiteUnderTest> sites) {
        this.sum = sum;
        this.study = study;
        this.coordinator = coordinator;
        this.sites = sites;
        this.clipNorm = isDistributed() ? study.study().privacy().clipNorm() : 0;
    }

    private boolean isDistributed() {
        return sum.getKind() == SumKind.TRAIN && study.study().privacy().mode() == Study.PrivacyMode.DISTRIBUTED;
    }

    /** Everyone has accepted, advertised and dealt shares; nobody has been delivered theirs. */
    void untilShared() throws Exception {
        inviteAll();
        configure();
        share();
    }

    void run() throws Exception {
        untilShared();
        deliver();
        mask();
        SurvivorProposal proposal = proposal(headers);
        opened = open(proposal, vote(proposal)).toInts();
        for (SiteUnderTest site : sites) {
            coordinator.send(
                    site.name,
                    CoordinatorFrame.newBuilder()
                            .setAggregateResult(coordinator.signing.sign(AggregateResult.newBuilder()
                                    .setSum(sum)
                                    .setSurvivorsBitmap(
                                            survivors.isPresent()
                                                    ? Bitmaps.of(survivors.get(), sites.size())
                                                    : proposal.getSurvivorsBitmap())
                                    .build())));
            site.awaitPhase(sum, "released");
        }
    }

    /** The sum of all, from what every site reveals. */
    RingVector open(SurvivorProposal proposal, List<Signed> votes) throws Exception {
        UnmaskRequest request = request(votes);
        List<UnmaskShares> revealed = new ArrayList<>();
        CoordinatorSum checked = CoordinatorSum.resume(coordinator.signing.sign(config()))
                .withRoster(roster)
                .withSharers(sharesByIndex(), Dealt.inMessages())
                .withSurvivors(proposal);
        for (SiteUnderTest site : sites) {
            CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder().setUnmaskRequest(request);
            coordinator.send(site.name, ask);
            revealed.add(checked.checkUnmask(
                    answer(site, BodyCase.UNMASK_SHARES, ask).getUnmaskShares()));
        }
        MaskedSum masked = checked.maskedSum();
        for (int i = 0; i < sites.size(); i++) {
            byte[] vector = coordinator.kept(sites.get(i).name).toByteArray();
            masked.add(new ByteArrayInputStream(vector), checked.checkHeader(headers.get(i)));
        }
        rosterHash = checked.rosterHash();
        return new Unmasker(checked, revealed).removeMasks(masked);
    }

    /** Releases that sum, honest or not, and lets the sites check it: R6 and R7. */
    void release(SurvivorProposal proposal, RingVector claimed) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        claimed.writeTo(bytes);
        coordinator.sums.put(claimed.sha256(), ByteString.copyFrom(bytes.toByteArray()));
        CoordinatorFrame.Builder result = CoordinatorFrame.newBuilder()
                .setAggregateResult(coordinator.signing.sign(AggregateResult.newBuilder()
                        .setSum(sum)
                        .setRosterHash(rosterHash)
                        .setSurvivorsBitmap(proposal.getSurvivorsBitmap())
                        .setSumSha256(claimed.sha256())
                        .build()));
        CheckChallenge.Builder challenge =
                CheckChallenge.newBuilder().setSum(sum).addAllMaskedHeader(proposal.getMaskedHeaderList());
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, result);
            challenge.addOpening(answer(site, BodyCase.CHECK_OPENING, result).getCheckOpening());
        }
        CheckEvidence.Builder evidence = CheckEvidence.newBuilder().setSum(sum);
        CoordinatorFrame.Builder asked = CoordinatorFrame.newBuilder().setCheckChallenge(challenge);
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, asked);
            evidence.addValue(answer(site, BodyCase.CHECK_VALUE, asked).getCheckValue());
        }
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, CoordinatorFrame.newBuilder().setCheckEvidence(evidence));
        }
    }

    /** The header of each site, after its upload. */
    void mask() throws Exception {
        for (SiteUnderTest site : sites) {
            headers.add(answer(site, BodyCase.MASKED_HEADER, delivery(site)).getMaskedHeader());
        }
    }

    /** That those whose headers are given survived. */
    SurvivorProposal proposal(List<Signed> survivors) throws Exception {
        Set<Integer> indices = new TreeSet<>();
        for (Signed header : survivors) {
            indices.add(MaskedHeader.parseFrom(header.getPayload()).getIndex());
        }
        return SurvivorProposal.newBuilder()
                .setSum(sum)
                .setSurvivorsBitmap(Bitmaps.of(indices, sites.size()))
                .addAllMaskedHeader(survivors)
                .build();
    }

    List<Signed> vote(SurvivorProposal proposal) throws Exception {
        List<Signed> votes = new ArrayList<>();
        for (SiteUnderTest site : sites) {
            CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder().setSurvivorProposal(proposal);
            coordinator.send(site.name, ask);
            votes.add(answer(site, BodyCase.SURVIVOR_VOTE, ask).getSurvivorVote());
        }
        return votes;
    }

    UnmaskRequest request(List<Signed> votes) {
        return UnmaskRequest.newBuilder().setSum(sum).addAllVote(votes).build();
    }

    void inviteAll() throws Exception {
        for (SiteUnderTest site : sites) {
            assertThat(invite(site).getAccepted()).isTrue();
        }
    }

    void configure() throws Exception {
        CoordinatorFrame.Builder ask =
                CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(config()));
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, ask);
            advertised.add(answer(site, BodyCase.ADVERTISE_KEYS, ask).getAdvertiseKeys());
        }
        roster = Roster.newBuilder().setSum(sum).addAllAdvertise(advertised).build();
    }

    void share() throws Exception {
        CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder().setRoster(roster);
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, ask);
            shared.add(answer(site, BodyCase.SHARE_KEYS, ask).getShareKeys());
        }
    }

    void deliver() {
        for (SiteUnderTest site : sites) {
            coordinator.send(site.name, delivery(site));
        }
    }

    CoordinatorFrame.Builder delivery(SiteUnderTest site) {
        return CoordinatorFrame.newBuilder()
                .setShareDelivery(
                        CoordinatorSum.delivery(sum, sharesByIndex(), Dealt.inMessages(), sites.indexOf(site) + 1));
    }

    private Map<Integer, Signed> sharesByIndex() {
        Map<Integer, Signed> byIndex = new TreeMap<>();
        for (Signed message : shared) {
            byIndex.put(byIndex.size() + 1, message);
        }
        return byIndex;
    }

    /** The answer; for the first site also after a stop, a start and the same request again. */
    private SiteFrame answer(SiteUnderTest site, BodyCase kind, CoordinatorFrame.Builder request) throws Exception {
        SiteFrame first = coordinator.await(site.name, kind);
        if (restartAfterEachStep && site == sites.getFirst()) {
            site.stop();
            coordinator.streams.remove(site.name);
            site.start();
            coordinator.awaitConnected(site.name);
            coordinator.send(site.name, request);
            assertThat(coordinator.await(site.name, kind)).isEqualTo(first);
        }
        return first;
    }

    SecureSumConfig config() {
        Study plan = study.study();
        boolean train = sum.getKind() == SumKind.TRAIN;
        SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                .setFederationId("fed")
                .setSum(sum)
                .setThreshold(Study.threshold(sites.size()))
                .setMaxColluders(plan.quorum().maximumColluders())
                .setRingBits(32)
                .setDimension(
                        train
                                ? UpdateEncoding.dimension(
                                        plan, ModelShape.shared(plan).length())
                                : ExactSums.dimension(plan.evaluation().layout().length()))
                .setValueBound(train ? UpdateEncoding.valueBound(plan) : ExactSums.VALUE_BOUND)
                .setScaleLog2(train ? plan.secureAggregation().scaleLog2() : ExactSums.SCALE_LOG2)
                .setModelSha256(SignedMessages.sha256(ByteString.copyFrom(coordinator.model)))
                .setStudySha256(ByteString.copyFrom(study.sha256()))
                .setPreviousCheckpointSha256(ByteString.copyFrom(new byte[32]))
                .setCreatedUnixMs(1)
                .setClipNorm(clipNorm)
                .setSharedSha256(train ? ModelShape.shared(plan).sha256() : ByteString.EMPTY)
                .setControlSha256(control)
                .setKeyExchange(2)
                .setSumCheck(plan.secureAggregation().checksSum());
        if (isDistributed()) {
            DistributedNoise noise = DistributedNoise.of(
                    plan,
                    ModelShape.layout(plan).parameterCount(),
                    sites.size(),
                    config.getThreshold(),
                    config.getMaxColluders());
            config.setDimension(noise.dimension())
                    .setValueBound(noise.valueBound())
                    .setScaleLog2(0);
        }
        for (SiteUnderTest site : sites) {
            config.addParty(Party.newBuilder()
                    .setSite(site.name)
                    .setSigningCertificate(ByteString.copyFrom(site.signingCertificate())));
        }
        return config.build();
    }

    InvitationReply invite(SiteUnderTest site) throws Exception {
        coordinator.send(
                site.name, CoordinatorFrame.newBuilder().setInvitation(coordinator.signing.sign(invitation())));
        return InvitationReply.parseFrom(coordinator
                .await(site.name, BodyCase.INVITATION_REPLY)
                .getInvitationReply()
                .getPayload());
    }

    RoundInvitation invitation() {
        return RoundInvitation.newBuilder()
                .setFederationId("fed")
                .setSum(sum)
                .setStudyText(study.text())
                .setModelSha256(SignedMessages.sha256(ByteString.copyFrom(coordinator.model)))
                .setParameterCount(ModelShape.layout(study.study()).parameterCount())
                .setClipNorm(clipNorm)
                .setInitialModelSha256(SignedMessages.sha256(ByteString.copyFrom(coordinator.model)))
                .setControlSha256(control)
                .setDeadlineUnixMs(System.currentTimeMillis() + 60_000)
                .build();
    }
}
