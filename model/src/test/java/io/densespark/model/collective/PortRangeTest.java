package io.densespark.model.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {
    @Test
    void bothEndsBelongToTheRange() {
        PortRange range = PortRange.parse("40000-40009");
        assertThat(range).isEqualTo(new PortRange(40000, 40009)).hasToString("40000-40009");
        assertThat(range.contains(40000)).isTrue();
        assertThat(range.contains(40009)).isTrue();
        assertThat(range.contains(39999)).isFalse();
        assertThat(range.contains(40010)).isFalse();
        assertThat(PortRange.parse("7077-7077").contains(7077)).isTrue();
    }

    @Test
    void bothEndsCount() {
        assertThat(new PortRange(100, 200).size()).isEqualTo(101);
        assertThat(new PortRange(7077, 7077).size()).isEqualTo(1);
        assertThat(PortRange.ANY.size()).isEqualTo(65535);
    }

    @Test
    void anyPortIsEveryPort() {
        assertThat(PortRange.ANY.isAny()).isTrue();
        assertThat(PortRange.ANY.contains(1)).isTrue();
        assertThat(PortRange.ANY).hasToString("any free port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "40000", "40000-", "40009-40000", "0-0", "0-10", "1-65536", "a-b", "1-2-3", "-1-5"})
    void whatIsNoRangeIsNamed(String text) {
        assertThatThrownBy(() -> PortRange.parse(text))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'" + text + "' is no range of ports")
                .hasMessageContaining("FIRST-LAST");
    }
}
