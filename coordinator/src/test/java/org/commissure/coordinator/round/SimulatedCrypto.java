package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SiteLimits;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.jspecify.annotations.Nullable;

/**
 * The real protocol behind a simulation: sites are {@link SiteSum}, restored before and saved after
 * every step, the coordinator judges with {@link CoordinatorSums}. With the simulation's repeatable
 * randomness every step is a pure function of what goes in, so that results are remembered from one
 * schedule to the next; that is what makes thousands of schedules affordable.
 */
final class SimulatedCrypto {
    static final int MOST_SITES = 10;

    final SigningIdentity coordinator;
    final List<SigningIdentity> sites = new ArrayList<>();
    private final CertificateVerifier verifier;
    private final Path folder;
    private final Map<SiteInput, SiteOutput> siteSteps = new HashMap<>();
    private final Map<Claim, Verdict> verdicts = new HashMap<>();
    private final Map<Transcript, CoordinatorSums> judges = new HashMap<>();
    private final Map<Transcript, int[]> sums = new HashMap<>();

    private record SiteInput(int site, Optional<ByteString> saved, Message request) {}

    /**
     * What a step of a site leaves behind.
     *
     * @param upload the masked vector, of R3
     * @param refusal why there is no answer
     */
    record SiteOutput(
            ByteString saved,
            @Nullable Signed answer,
            @Nullable ByteString upload,
            String refusal) {}

    /** How many steps and judgements were computed rather than remembered. */
    int computed() {
        return siteSteps.size() + verdicts.size();
    }

    private record Claim(Transcript transcript, Step step, Signed message) {}

    /** @param refusal empty where the message was accepted */
    record Verdict(int index, String refusal) {}

    /** Gives the same bytes for the same label. */
    private static final class Repeatable extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final transient MessageDigest digest;
        private final byte[] label;
        private long counter;

        Repeatable(ByteString label) {
            this.label = label.toByteArray();
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void nextBytes(byte[] bytes) {
            for (int from = 0; from < bytes.length; from += 32) {
                digest.update(label);
                byte[] block = digest.digest(
                        ByteBuffer.allocate(Long.BYTES).putLong(counter++).array());
                System.arraycopy(block, 0, bytes, from, Math.min(32, bytes.length - from));
            }
        }
    }

    /** @param folder for masked vectors on their way; best in memory */
    SimulatedCrypto(Path folder) {
        this.folder = folder;
        FederationAuthority authority =
                FederationAuthority.create(folder.resolve("authority"), "test", Clock.systemUTC());
        verifier = new CertificateVerifier(authority.certificate(), Clock.systemUTC());
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        for (int i = 1; i <= MOST_SITES; i++) {
            sites.add(authority.issueSigning(Role.SITE, name(i)));
        }
    }

    static String name(int site) {
        return String.format("site-%02d", site);
    }

    CoordinatorSums newJudge() {
        return new CoordinatorSums(coordinator, verifier, WHOLE_MESSAGES);
    }

    /** Here messages stay whole. */
    static final DealtFiles WHOLE_MESSAGES = (sum, site) -> {
        throw new AssertionError("nothing is kept of what " + site + " dealt");
    };

    /** A site's contribution: it differs between sites and sums, and is the same when made again. */
    static int[] vector(String site, SecureSumConfig config) {
        SumId sum = config.getSum();
        long seed = 31L * site.hashCode() + 1_009L * sum.getKindValue() + sum.getRound();
        return new SplittableRandom(seed)
                .ints(config.getDimension(), -1_000, 1_000)
                .toArray();
    }

    /** @param saved empty where the site has nothing of this attempt yet */
    SiteOutput step(int site, Optional<ByteString> saved, Message request) {
        return siteSteps.computeIfAbsent(new SiteInput(site, saved, request), this::compute);
    }

    /** @param transcript of which only the steps before {@code step} count */
    Verdict check(Transcript transcript, Step step, Signed message) {
        Transcript before = Transcript.of(transcript.config());
        for (Step earlier : Step.OF_EVERY_SUM) {
            if (earlier.compareTo(step) < 0) {
                for (var answer : transcript.of(earlier).entrySet()) {
                    before = before.with(earlier, answer.getKey(), answer.getValue());
                }
            }
        }
        return verdicts.computeIfAbsent(new Claim(before, step, message), claim -> {
            CoordinatorSums judge = judges.computeIfAbsent(claim.transcript(), prior -> newJudge());
            try {
                return new Verdict(judge.check(claim.transcript(), claim.step(), claim.message()), "");
            } catch (SecAggException | CoordinatorSums.UnusableTranscriptException e) {
                return new Verdict(0, String.valueOf(e.getMessage()));
            }
        });
    }

    /** @throws AssertionError if honest parties' sum cannot be opened */
    int[] open(Transcript transcript, Map<String, ByteString> uploads) {
        Transcript said = new Transcript(transcript.config(), transcript.answers(), Collections.emptySortedMap());
        return sums.computeIfAbsent(said, key -> {
            try {
                return newJudge()
                        .open(
                                key,
                                (sum, site) ->
                                        new ByteArrayInputStream(java.util.Objects.requireNonNull(uploads.get(site))
                                                .toByteArray()),
                                new java.util.HashMap<>())
                        .toInts();
            } catch (IOException | SecAggException | CoordinatorSums.UnusableTranscriptException e) {
                throw new AssertionError("a sum of honest sites cannot be opened", e);
            }
        });
    }

    private SiteOutput compute(SiteInput input) {
        SigningIdentity me = sites.get(input.site() - 1);
        ByteString before = input.saved().orElse(ByteString.EMPTY);
        ByteString label = ByteString.copyFrom(
                input.site() + " " + input.request().getDescriptorForType().getName(), StandardCharsets.US_ASCII);
        SecureRandom random =
                new Repeatable(label.concat(before).concat(input.request().toByteString()));
        try {
            if (input.request() instanceof SecureSumConfig config
                    && input.saved().isEmpty()) {
                SiteSum fresh = SiteSum.begin(
                        coordinator.sign(config),
                        me,
                        coordinator.certificate(),
                        verifier,
                        new SiteLimits(3, 0),
                        random);
                return done(fresh, fresh.advertiseKeys(), null);
            }
            SiteSum sum = SiteSum.restore(before.toByteArray(), me, random);
            return answer(sum, me.name(), input.request());
        } catch (SecAggException e) {
            return new SiteOutput(before, null, null, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SiteOutput answer(SiteSum sum, String site, Message request) throws SecAggException, IOException {
        return switch (request) {
            case SecureSumConfig config -> done(sum, sum.advertiseKeys(), null);
            case Roster roster -> done(sum, sum.shareKeys(roster), null);
            case ShareDelivery delivery -> {
                sum.receiveShares(delivery);
                Path file = folder.resolve("masked");
                Signed header = sum.mask(PlainVector.of(vector(site, sum.config())), file);
                yield done(sum, header, ByteString.copyFrom(Files.readAllBytes(file)));
            }
            case SurvivorProposal proposal -> done(sum, sum.vote(proposal), null);
            case UnmaskRequest asked -> done(sum, sum.unmask(asked), null);
            default -> throw new IllegalArgumentException("no step for " + request.getClass());
        };
    }

    private static SiteOutput done(SiteSum sum, Signed answer, @Nullable ByteString upload) {
        return new SiteOutput(ByteString.copyFrom(sum.save()), answer, upload, "");
    }

    /** Whether an upload is the one that its header announces, as the coordinator's spool checks it. */
    static boolean fits(Signed header, ByteString upload) {
        try {
            return org.commissure.privacy.identity.SignedMessages.sha256(upload)
                    .equals(MaskedHeader.parseFrom(header.getPayload()).getVectorSha256());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            return false;
        }
    }
}
