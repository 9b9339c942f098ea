package org.commissure.site.round;

import io.grpc.ManagedChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.SiteChannel;
import org.commissure.site.connection.SiteConnection;
import org.commissure.site.consent.ConsentRegister;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.regional.RegionalWork;
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
    private final SiteConnection connection;
    private final SiteRounds rounds;
    private final WitnessListener witness;

    private SiteAgent(
            FileChannel lockFile,
            PrivacyLedger ledger,
            SiteConnection connection,
            SiteRounds rounds,
            WitnessListener witness) {
        this.lockFile = lockFile;
        this.ledger = ledger;
        this.connection = connection;
        this.rounds = rounds;
        this.witness = witness;
    }

    /** @throws UserError if the folder is not an enrolled site's, damaged, or served already */
    public static SiteAgent open(SiteHome home, Clock clock) {
        SiteSettings settings = home.readSettings();
        SitePolicy policy =
                PolicyFile.read(home.policy()); // a mistake in it is better told now than at the first invitation
        FileChannel lockFile = lock(home);
        try {
            SecureRandom random = new SecureRandom();
            IdentityStore store = new IdentityStore(home.identity());
            TlsIdentity tls = store.loadTls();
            CertificateVerifier verifier = new CertificateVerifier(store.loadAuthority(), clock);
            ManagedChannel channel = SiteChannel.open(
                    settings.coordinatorHost(),
                    settings.coordinatorPort(),
                    tls,
                    new FederationTrustManager(verifier.authority(), clock, EnumSet.of(Role.COORDINATOR)));
            SiteConnection connection = new SiteConnection(
                    channel,
                    tls.certificate(),
                    home.models(),
                    clock,
                    random,
                    policy.mayLeave(ClearField.AGENT_VERSION) ? version() : "");
            SiteDatabase database = SiteDatabase.open(home.database());
            SealStore seals = new SealStore(database);
            PrivacyLedger ledger = PrivacyLedger.open(home.ledger());
            byte[] salt = seals.salt(random);
            ConsentRegister consents = new ConsentRegister(new ConsentStore(database), salt);
            SealedCohorts cohorts = new SealedCohorts(Path.of(settings.data()), salt, consents::withdrawn);
            CoordinatorLink link = new DiscreetLink(connection, home.policy());
            VectorMaker vectors = new VectorMaker(
                    link, cohorts, seals, ModelShape::open, new RegionalWork(home.regional(), random), random);
            X509Certificate coordinator = coordinatorSigning(home, verifier);
            SiteRounds rounds = new SiteRounds(results -> new SiteServices(
                    home,
                    settings.federation(),
                    store.loadSigning(),
                    coordinator,
                    verifier,
                    database,
                    new SumStore(database),
                    seals,
                    new LogOutbox(database),
                    ledger,
                    cohorts,
                    new PlanStore(database),
                    consents,
                    link,
                    new LocalWork(link, vectors, results),
                    clock,
                    random));
            WitnessListener witness = new WitnessListener(
                    rounds, home.openWitness(), connection, new LogOutbox(database), store.loadSigning(), clock);
            LOG.info(
                    "site {} of federation {} serves; coordinator at {}:{}",
                    settings.site(),
                    settings.federation(),
                    settings.coordinatorHost(),
                    settings.coordinatorPort());
            return new SiteAgent(lockFile, ledger, connection, rounds, witness);
        } catch (IOException e) {
            closeQuietly(lockFile);
            throw new UserError("the site cannot start: " + e.getMessage(), "check the folder and the network", e);
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

    /** Stops cleanly; whatever was going on is taken up again by the next start. */
    @Override
    public void close() {
        rounds.close();
        witness.close();
        connection.close();
        ledger.close();
        closeQuietly(lockFile);
    }

    static String version() {
        return Optional.ofNullable(SiteAgent.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** The certificate that enrolment stored, still valid and of the coordinator's role. */
    private static X509Certificate coordinatorSigning(SiteHome home, CertificateVerifier verifier) throws IOException {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(home.coordinatorSigning())));
            verifier.verify(certificate, Role.COORDINATOR, Purpose.SIGNING);
            return certificate;
        } catch (CertificateException | CertificateRefusedException e) {
            throw new UserError(
                    "the coordinator's signing certificate in " + home.coordinatorSigning() + " cannot be used: "
                            + e.getMessage(),
                    "ask the coordinator's operator for a new invitation and enrol again",
                    e);
        }
    }

    private static FileChannel lock(SiteHome home) {
        Path file = home.directory().resolve("serve.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                LOG.debug("locked by this very process");
            }
            channel.close();
        } catch (IOException e) {
            throw new UserError(
                    "the site's folder " + home.directory() + " cannot be written", "check its permissions", e);
        }
        throw new UserError(
                "the site at " + home.directory() + " is served by another process already",
                "stop that process, or let it run: one is enough");
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the lock file", e);
        }
    }
}
