package org.commissure.site.round;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.protocol.UserError;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.SiteConnection;
import org.commissure.site.consent.ConsentRegister;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.membership.Membership;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.receipt.ReceiptBox;
import org.commissure.site.receipt.ReceiptListener;
import org.commissure.site.regional.RegionalWork;
import org.commissure.site.storage.CohortCountStore;
import org.commissure.site.storage.ConsentStore;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.PlanStore;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumStore;
import org.commissure.site.witness.WitnessListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running site: everything in its folder, put together around one connection. */
public final class SiteAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteAgent.class);

    private final FileChannel lockFile;
    private final PrivacyLedger ledger;
    private final SiteDatabase.Kept database;
    private final SiteConnection connection;
    private final DiscreetLink link;
    private final SiteRounds rounds;
    private final ReceiptListener receipts;
    private final WitnessListener witness;
    private final LogOutbox outbox;

    private SiteAgent(
            FileChannel lockFile,
            PrivacyLedger ledger,
            SiteDatabase.Kept database,
            SiteConnection connection,
            DiscreetLink link,
            SiteRounds rounds,
            ReceiptListener receipts,
            WitnessListener witness,
            LogOutbox outbox) {
        this.lockFile = lockFile;
        this.ledger = ledger;
        this.database = database;
        this.connection = connection;
        this.link = link;
        this.rounds = rounds;
        this.receipts = receipts;
        this.witness = witness;
        this.outbox = outbox;
    }

    /** As {@link #open(SiteHome, Clock, List)}, with the addresses of {@code site.toml}. */
    public static SiteAgent open(SiteHome home, Clock clock) {
        return open(home, clock, List.of());
    }

    /**
     * Opens a home; {@link #run} serves it.
     *
     * @param replicas further addresses of the coordinator, instead of those of {@code site.toml} unless there are none
     * @throws UserError if the folder is not an enrolled site's, damaged, or served already
     */
    public static SiteAgent open(SiteHome home, Clock clock, List<String> replicas) {
        SiteSettings settings = home.readSettings().withReplicas(replicas);
        List<CoordinatorAddress> addresses = settings.addresses();
        SitePolicy policy =
                PolicyFile.read(home.policy()); // a mistake in it is better told now than at the first invitation
        FileChannel lockFile = home.lock();
        try {
            SecureRandom random = new SecureRandom();
            Membership membership = home.openMembership(clock);
            SiteConnection connection = new SiteConnection(
                    addresses,
                    membership,
                    home.models(),
                    clock,
                    random,
                    policy.mayLeave(ClearField.AGENT_VERSION) ? version() : "");
            SiteDatabase database = SiteDatabase.open(home.database());
            SealStore seals = new SealStore(database);
            PrivacyLedger ledger = PrivacyLedger.open(home.ledger());
            byte[] salt = seals.salt(random);
            ConsentRegister consents = new ConsentRegister(new ConsentStore(database), salt);
            consents.takeUp(ledger.contents().consents());
            SealedCohorts cohorts = new SealedCohorts(Path.of(settings.data()), salt, consents::withdrawn);
            DiscreetLink link = new DiscreetLink(connection, home.policy());
            VectorMaker vectors = new VectorMaker(
                    link, cohorts, seals, ModelShape::open, new RegionalWork(home.regional(), random), random);
            SiteRounds rounds = new SiteRounds(results -> new SiteServices(
                    home,
                    settings.federation(),
                    membership,
                    database,
                    new SumStore(database),
                    seals,
                    new CohortCountStore(database),
                    new LogOutbox(database),
                    ledger,
                    cohorts,
                    new PlanStore(database),
                    consents,
                    link,
                    new LocalWork(link, vectors, results),
                    clock,
                    random));
            ReceiptListener receipts =
                    new ReceiptListener(rounds, ReceiptBox.open(home), new SumStore(database), connection);
            WitnessListener witness = new WitnessListener(
                    receipts, home.openWitness(), connection, new LogOutbox(database), membership::signing, clock);
            LOG.info(
                    "site {} of federation {} serves; coordinator at {}",
                    settings.site(),
                    settings.federation(),
                    addresses.stream().map(CoordinatorAddress::toString).collect(Collectors.joining(" or ")));
            return new SiteAgent(
                    lockFile,
                    ledger,
                    database.keepConnections(),
                    connection,
                    link,
                    rounds,
                    receipts,
                    witness,
                    new LogOutbox(database));
        } catch (RuntimeException e) {
            closeQuietly(lockFile);
            throw e;
        }
    }

    /**
     * Blocks until {@link #close}.
     *
     * @throws UserError if the coordinator will not have this site
     */
    public void run() throws InterruptedException {
        connection.run(witness);
    }

    /** What it does now; for its own people. Thread-safe. */
    public AgentState state() {
        return new AgentState(connection.isConnected(), connection.problem(), link.working());
    }

    /** Tells {@code observer} how sums go on from now on. */
    public void observe(SumObserver observer) {
        rounds.observe(observer);
    }

    /** How many of this site's entries the federation's log has not acknowledged. Thread-safe. */
    public int unlogged() {
        return outbox.pending().size();
    }

    /** Bytes of masked vectors that were uploaded since the process started. Thread-safe. */
    public long uploadedBytes() {
        return link.uploadedBytes();
    }

    /** Stops cleanly; whatever was going on is taken up again by the next start. */
    @Override
    public void close() {
        rounds.close();
        witness.close();
        receipts.close();
        connection.close();
        database.close();
        ledger.close();
        closeQuietly(lockFile);
    }

    /** Of the agent's code, as the coordinator hears it where the policy allows. */
    public static String version() {
        return Optional.ofNullable(SiteAgent.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the lock file", e);
        }
    }
}
