package org.commissure.site.plan;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StudyPlan;
import org.commissure.site.ExampleStudy;

/** A coordinator that publishes plans. */
public final class ExamplePlan {
    static final String FEDERATION = "fed";

    private final SigningIdentity coordinator;

    ExamplePlan(Path folder) {
        coordinator = FederationAuthority.create(folder.resolve("authority"), FEDERATION, Clock.systemUTC())
                .issueSigning(Role.COORDINATOR, "coordinator");
    }

    SigningIdentity coordinator() {
        return coordinator;
    }

    Signed sign() {
        return coordinator.sign(of(new ExampleStudy().file()).build());
    }

    SignedPlan open(Signed signed) throws PlanRefusedException {
        return SignedPlan.open(signed, coordinator.certificate(), FEDERATION);
    }

    /** A plan that is good for a day. */
    public static StudyPlan.Builder of(StudyFile study) {
        Instant now = Instant.now();
        return StudyPlan.newBuilder()
                .setFederationId(FEDERATION)
                .setStudyText(study.text())
                .setLegalBasis("broad consent")
                .setCodeSha256(ByteString.EMPTY)
                .setCreatedUnixMs(now.toEpochMilli())
                .setExpiresUnixMs(now.plus(Duration.ofDays(1)).toEpochMilli());
    }
}
