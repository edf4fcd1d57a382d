package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RankPlaceTest {
    @Test
    void theHostIsTheAddressWithoutItsPort() {
        assertThat(RankPlace.hostOf("node-1.example:4242")).isEqualTo("node-1.example");
        assertThat(RankPlace.hostOf("10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(RankPlace.hostOf("[fe80::1]:4242")).isEqualTo("fe80::1");
    }
}
