package org.commissure.deploy.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SiteLimits;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.ReconstructionLayout;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.ReadinessReply;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.connection.SiteConnection;
import org.commissure.site.connection.TransferRefusedException;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.membership.Membership;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site without patients, model, database or ledger: its connection, keys, signatures, shares, masks, downloads and
 * uploads are the real ones, only training is a pause. Its answers are made one after the other on a thread of its own;
 * what takes memory or a processor waits for a permit that all sites share.
 */
final class VirtualSite implements FrameListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualSite.class);
    /** One patient with a mean R² of ½; the rest of the evaluation's vector is zero. */
    private static final double[] EVALUATION = {1, 0.5, 0.25, 50, 4, 8, 6};

    private final Scenario scenario;
    private final int index;
    private final boolean leaves;
    private final Semaphore permits;
    private final SiteHome home;
    private final Membership membership;
    private final SiteConnection connection;
    private final ExecutorService answers;
    private @Nullable RoundInvitation invited;
    private @Nullable SiteSum sum;

    /** @param index from 0 */
    VirtualSite(Scenario scenario, int index, boolean leaves, Semaphore permits, String name, SiteHome home) {
        this.scenario = scenario;
        this.index = index;
        this.leaves = leaves;
        this.permits = permits;
        this.home = home;
        this.membership = home.openMembership(Clock.systemUTC());
        SiteSettings settings = home.readSettings();
        this.connection = new SiteConnection(
                settings.addresses(), membership, home.models(), Clock.systemUTC(), new SecureRandom(), "simulated");
        this.answers =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
        Thread.ofVirtual().name(name + "-connection").start(this::stayConnected);
    }

    private void stayConnected() {
        try {
            connection.run(this);
        } catch (InterruptedException | UserError e) {
            LOG.error("a site lost its connection for good: {}", e.getMessage());
        }
    }

    @Override
    public void connected() {
        // The coordinator asks for what it needs.
    }

    @Override
    public void received(CoordinatorFrame frame) {
        if (!answers.isShutdown()) {
            answers.execute(() -> answer(frame));
        }
    }

    private void answer(CoordinatorFrame frame) {
        try {
            handle(frame);
        } catch (InterruptedException e) {
            LOG.debug("stopped", e);
        } catch (IOException | SecAggException | TransferRefusedException | RuntimeException e) {
            LOG.error("site {} at {}: {}", index + 1, frame.getBodyCase(), e.getMessage(), e);
        }
    }

    private void handle(CoordinatorFrame frame)
            throws SecAggException, IOException, TransferRefusedException, InterruptedException {
        switch (frame.getBodyCase()) {
            case READINESS_REQUEST ->
                connection.send(SiteFrame.newBuilder()
                        .setReadinessReply(membership
                                .signing()
                                .sign(ReadinessReply.newBuilder()
                                        .setRequestSha256(SignedMessages.sha256(
                                                frame.getReadinessRequest().getPayload()))
                                        .setWithinBudget(true)
                                        .build()))
                        .build());
            case INVITATION -> accept(frame.getInvitation());
            case SECURE_SUM_CONFIG ->
                connection.send(SiteFrame.newBuilder()
                        .setAdvertiseKeys(begin(frame.getSecureSumConfig()).advertiseKeys())
                        .build());
            case ROSTER ->
                connection.send(SiteFrame.newBuilder()
                        .setShareKeys(sum().shareKeys(frame.getRoster()))
                        .build());
            case SHARE_DELIVERY -> {
                sum().receiveShares(frame.getShareDelivery());
                contribute();
            }
            case SURVIVOR_PROPOSAL ->
                connection.send(SiteFrame.newBuilder()
                        .setSurvivorVote(sum().vote(frame.getSurvivorProposal()))
                        .build());
            case UNMASK_REQUEST ->
                connection.send(SiteFrame.newBuilder()
                        .setUnmaskShares(sum().unmask(frame.getUnmaskRequest()))
                        .build());
            default -> {
                // Nothing that a simulated site has an opinion on.
            }
        }
    }

    private void accept(Signed signed) throws InvalidProtocolBufferException {
        RoundInvitation invitation = RoundInvitation.parseFrom(signed.getPayload());
        invited = invitation;
        connection.send(SiteFrame.newBuilder()
                .setInvitationReply(membership
                        .signing()
                        .sign(InvitationReply.newBuilder()
                                .setSum(invitation.getSum())
                                .setInvitationSha256(SignedMessages.sha256(signed.getPayload()))
                                .setAccepted(true)
                                .build()))
                .build());
    }

    private SiteSum begin(Signed config) throws SecAggException {
        SiteSum now = sum;
        if (now == null || !now.config().toByteString().equals(config.getPayload())) {
            now = SiteSum.begin(
                    config,
                    membership.signing(),
                    membership.coordinatorSigning(),
                    membership.verifier(),
                    new SiteLimits(Scenario.FEWEST_SITES, Scenario.FEWEST_SITES),
                    new SecureRandom());
            sum = now;
        }
        return now;
    }

    private SiteSum sum() {
        if (sum == null) {
            throw new IllegalStateException("no sum was configured");
        }
        return sum;
    }

    private void contribute() throws IOException, SecAggException, TransferRefusedException, InterruptedException {
        SecureSumConfig config = sum().config();
        boolean training = config.getSum().getKind() == SumKind.TRAIN;
        if (training && leaves) {
            connection.close();
            answers.shutdown();
            return;
        }
        if (training) {
            Thread.sleep(scenario.training(index, config.getSum().getRound()));
        }
        Path masked = home.outgoing().resolve("masked");
        permits.acquire();
        try {
            if (training && invited != null) {
                connection.model(invited.getModelSha256(), invited.getParameterCount());
            }
            Signed header = sum().maskedHeader().isPresent()
                    ? sum().maskedHeader().get()
                    : sum().mask(vector(config, training), masked);
            connection.upload(config.getSum(), masked);
            connection.send(SiteFrame.newBuilder().setMaskedHeader(header).build());
        } finally {
            permits.release();
        }
        Files.deleteIfExists(masked);
    }

    private PlainVector vector(SecureSumConfig config, boolean training) {
        return training
                ? new VirtualUpdate(index, Math.toIntExact(config.getDimension()) - 1, config.getScaleLog2())
                : PlainVector.of(ExactSums.encode(Arrays.copyOf(EVALUATION, new ReconstructionLayout(0).length())));
    }

    @Override
    public void close() {
        answers.shutdownNow();
        connection.close();
    }
}
