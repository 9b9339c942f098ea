@org.jspecify.annotations.NullMarked
package org.commissure.deploy.benchmark;
