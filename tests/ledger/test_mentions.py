"""What a report does not mention is distinguished from what it mentions without a matched figure."""

from qa.ledger.matching import mentions
from qa.ledger.tables import EMPTY, matrix_json, matrix_table
from qa.library import open_library


def test_words_or_their_synonyms_are_mentioned() -> None:
    text = "全年新开妈妈小屋九处，并为新人办了联谊。"
    assert mentions("妈咪暖心小屋", text)
    assert not mentions("法律援助件数", text)
    assert not mentions("法律援助件数", text, "帮扶困难职工")
    assert mentions("法律援助件数", "共办理三件。", "法律援助")


def test_an_empty_cell_of_the_matrix_says_why() -> None:
    ledger = open_library().ledger()
    matrix = ledger.matrix(ledger.find(indicator="法律援助") + ledger.find(indicator="劳模"))
    empty = 0
    for row, told, shown in zip(
        matrix.rows, matrix_json(matrix)["indicators"], matrix_table(matrix)[1:], strict=True
    ):
        assert told["spoken"] == list(row.spoken)
        for cell, spoken, text in zip(row.cells, row.spoken, shown[2:], strict=True):
            assert spoken or not cell
            if not cell:
                assert text == EMPTY[spoken]
                empty += 1
    assert empty
