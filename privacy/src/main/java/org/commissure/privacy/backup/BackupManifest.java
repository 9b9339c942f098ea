package org.commissure.privacy.backup;

import java.util.List;
import java.util.Map;

/**
 * What a backup holds; its last entry.
 *
 * @param format of the archive
 * @param kind of home: {@code coordinator} or {@code site}
 * @param created ISO 8601, by the clock of the machine
 * @param facts for people, such as the size of the log
 */
public record BackupManifest(int format, String kind, String created, Map<String, String> facts, List<Entry> entries) {
    static final int FORMAT = 1;
    static final String NAME = "manifest.json";

    /**
     * One file.
     *
     * @param name below the home, with slashes
     */
    public record Entry(String name, long bytes, String sha256) {}
}
