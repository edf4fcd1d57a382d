package io.densespark.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellWithWordsOnTheLeftAndNumbersOnTheRight() {
        TextTable table = new TextTable()
                .words("name")
                .numbers("count", "MB")
                .words("remark")
                .row("longest", 7, Numbers.megabytes(1_234_560_000L), "")
                .row("b", Numbers.grouped(1_234_567), "", "none");

        assertThat(table.toString().lines())
                .containsExactly(
                        "name         count      MB  remark",
                        "longest          7  1234.6",
                        "b        1,234,567          none");
    }

    @Test
    void aRowOfAnotherLengthIsAMistake() {
        assertThatThrownBy(() -> new TextTable().numbers("a", "b").row(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 cells for 2 columns");
    }
}
