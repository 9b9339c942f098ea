package org.commissure.coordinator.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.retention.Retention;
import org.commissure.coordinator.retention.RetentionRule;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The rule, and the home that it is for. */
final class RetentionOptions {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--keep-rounds",
            defaultValue = "1",
            paramLabel = "N",
            description = "Keep the models of the newest N rounds of a run; the last one stays in any case"
                    + " (default: ${DEFAULT-VALUE}).")
    private int keepRounds;

    @Option(
            names = "--older-than",
            defaultValue = "30",
            paramLabel = "DAYS",
            description = "Only of runs that ended more than so many days ago (default: ${DEFAULT-VALUE}).")
    private int olderThanDays;

    @Option(
            names = "--evaluation-sums",
            description = "The opened evaluation sums go too; then nobody can recompute the report ('report verify').")
    private boolean evaluationSums;

    RetentionRule rule() {
        if (keepRounds < 0 || olderThanDays < 0) {
            throw new UserError("--keep-rounds and --older-than count from 0", "choose numbers that are not negative");
        }
        return new RetentionRule(keepRounds, Duration.ofDays(olderThanDays), evaluationSums);
    }

    <T> T open(Function<Retention, T> work) {
        CoordinatorHome folder = home.home();
        IdentityStore own = new IdentityStore(folder.identity());
        try (Database database = home.openDatabase()) {
            LogOutbox outbox = new LogOutbox(database, own.loadSigning(), own.loadAuthority());
            return work.apply(new Retention(new RunStore(database, outbox), outbox, folder.runs(), Clock.systemUTC()));
        }
    }
}
