package org.commissure.coordinator.round;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.commissure.protocol.v1.MaskedHeader;

/** What sites say they are doing and what they have uploaded; for people, not for the run. Thread-safe. */
final class SiteActivity {
    record Activity(String what, double fraction) {}

    private final Map<String, Activity> activities = new ConcurrentHashMap<>();
    private final Map<String, Long> bytes = new ConcurrentHashMap<>();

    void clear() {
        activities.clear();
        bytes.clear();
    }

    /** @param what as the site says it; cut to a length that fits a line */
    void progress(String site, String what, double fraction) {
        String line = what.replaceAll("\\p{Cntrl}", " ");
        activities.put(
                site,
                new Activity(
                        line.substring(0, Math.min(60, line.length())), fraction >= 0 && fraction <= 1 ? fraction : 0));
    }

    void idle() {
        activities.clear();
    }

    void received(String site, long more) {
        bytes.merge(site, more, Long::sum);
    }

    Activity activity(String site) {
        return activities.getOrDefault(site, new Activity("", 0));
    }

    long bytes(String site) {
        return bytes.getOrDefault(site, 0L);
    }

    /** After a restart: what complete uploads amount to. */
    void recount(List<RunEvent> events) {
        clear();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.SiteAnswered answer && answer.step() == Step.MASKED_HEADER) {
                try {
                    received(
                            answer.site(),
                            MaskedHeader.parseFrom(answer.message().getPayload())
                                    .getVectorBytes());
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("a header that was never verified", e);
                }
            }
        }
    }
}
