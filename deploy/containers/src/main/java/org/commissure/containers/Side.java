package org.commissure.containers;

import java.util.List;

/** Which of the two processes an image holds. */
enum Side {
    COORDINATOR("coordinator", List.of("serve", "--home", ContainerImage.HOME), List.of(8443, 8444, 8445, 9464)),
    SITE("site", List.of("site", "serve", "--home", ContainerImage.HOME), List.of());

    private final String group;
    private final List<String> standardArguments;
    private final List<Integer> ports;

    Side(String group, List<String> standardArguments, List<Integer> ports) {
        this.group = group;
        this.standardArguments = standardArguments;
        this.ports = ports;
    }

    /** What the launcher calls it. */
    String group() {
        return group;
    }

    /** What it does when it is told nothing else. */
    List<String> standardArguments() {
        return standardArguments;
    }

    /** What it may listen on, for readers; a site listens nowhere that others reach. */
    List<Integer> ports() {
        return ports;
    }

    String imageName() {
        return "commissure-" + group;
    }
}
