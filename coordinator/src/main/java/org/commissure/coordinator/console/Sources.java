package org.commissure.coordinator.console;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.storage.ConsoleAccesses;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.identity.DenyList;

/**
 * What the console looks at: the serving coordinator's own objects.
 *
 * @param home the coordinator's folder, as commands name it
 * @param runFolders {@code runs/}
 * @param log the transparency log's folder
 * @param logAddress where members read the log; empty where it is not served
 * @param connected names of the sites with an open stream
 * @param presences when each site was heard last since this process started
 * @param denied everybody who was ever revoked
 * @param plans the document of {@code plan list --json}
 */
public record Sources(
        String federation,
        Path home,
        Path runFolders,
        Path log,
        String logAddress,
        RunEngine engine,
        RunQueue queue,
        RunStore runs,
        SiteRegistry registry,
        Supplier<Set<String>> connected,
        Supplier<Map<String, SitePresence>> presences,
        Supplier<DenyList> denied,
        Supplier<String> plans,
        ConsoleUsers users,
        ConsoleIdentities identities,
        ConsoleAccesses accesses,
        Clock clock) {}
