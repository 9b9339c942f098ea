package org.commissure.site.console;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.consent.ConsentDesk;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.round.AgentState;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;

/** The site's folder as the pages read it; every call reads anew. Thread-safe. */
final class ConsoleHome {
    private static final int KNOWN_STUDIES = 64;

    private final SiteHome home;
    private final Clock clock;
    private final Supplier<Optional<AgentState>> agent;
    private final SiteSettings settings;
    private final StewardDesk steward;
    private final ConsentDesk consent;
    private final SumStore sums;
    private final LogOutbox outbox;
    /** By run: an invitation's study is the same in all of its rounds. */
    private final Map<String, Optional<Study>> studies = new ConcurrentHashMap<>();

    /** @throws org.commissure.protocol.UserError if the folder is not an enrolled site's */
    ConsoleHome(SiteHome home, Clock clock, Supplier<Optional<AgentState>> agent) {
        this.home = home;
        this.clock = clock;
        this.agent = agent;
        this.settings = home.readSettings();
        this.steward = StewardDesk.open(home, clock);
        this.consent = ConsentDesk.open(home, clock);
        SiteDatabase database = SiteDatabase.open(home.database());
        this.sums = new SumStore(database);
        this.outbox = new LogOutbox(database);
    }

    SiteHome home() {
        return home;
    }

    Clock clock() {
        return clock;
    }

    SiteSettings settings() {
        return settings;
    }

    /** Empty where no agent runs in this process. */
    Optional<AgentState> agent() {
        return agent.get();
    }

    StewardDesk steward() {
        return steward;
    }

    ConsentDesk consent() {
        return consent;
    }

    SitePolicy policy() {
        return steward.policy();
    }

    LedgerContents ledger() {
        return LedgerContents.read(home.ledger());
    }

    Path data() {
        return Path.of(settings.data());
    }

    /** Newest first. */
    List<SumRow> sums(int limit) {
        return sums.newest(limit);
    }

    /** Entries of this site that the log has not confirmed yet. */
    int unlogged() {
        return outbox.pending().size();
    }

    /** Newest first: those that a steward has still to decide about. */
    List<SignedPlan> undecided() {
        return steward.book().plans().stream()
                .filter(plan -> clock.instant().isBefore(plan.expires()))
                .filter(plan -> {
                    PlanState.Status status = steward.state(plan).status();
                    return status == PlanState.Status.WAITING || status == PlanState.Status.HALF_APPROVED;
                })
                .toList();
    }

    /** The study of a sum, as the coordinator's invitation states it; empty where it cannot be read. */
    Optional<Study> study(SumRow row) {
        if (studies.size() > KNOWN_STUDIES) {
            studies.clear();
        }
        return studies.computeIfAbsent(row.sum().getRunId(), run -> read(row));
    }

    private static Optional<Study> read(SumRow row) {
        try {
            RoundInvitation asked =
                    RoundInvitation.parseFrom(Signed.parseFrom(row.invitation()).getPayload());
            return Optional.of(StudyFile.parse(asked.getStudyText()).study());
        } catch (InvalidProtocolBufferException | StudyException e) {
            return Optional.empty();
        }
    }
}
