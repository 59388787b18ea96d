"""Chinese from raw files to labels: GB18030, headings, boilerplate, sentences, and labels in Chinese words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit.corpora import column

import toolkit
from toolkit.corpus import CorpusSettings, build_corpus, corpus_files
from toolkit.errors import ToolkitError
from toolkit.text.sentences import sentence_spans

THEMES = {
    "稀土": (
        ["稀土出口许可审批提速", "稀土分离企业扩大产能", "磁材工厂等待稀土配额", "稀土价格连续三周上涨"],
        [
            "商务部门表示，稀土出口许可的审批时间已由四十五天缩短至二十天。多家磁材企业说，积压的订单正在陆续发出。",
            "稀土分离环节的产能利用率升至八成，镨钕氧化物价格比年初上涨一成二。企业负责人表示，稀土配额仍是最大的变数。",
            "海外客户开始签订长期供货合同，以锁定稀土永磁材料的供应。分析人士认为，稀土出口管制改变了磁材贸易的节奏。",
        ],
    ),
    "低空": (
        ["低空经济写入工作报告", "无人机物流航线增至四十条", "低空飞行服务站投入使用", "空中出租车试飞引来围观"],
        [
            "今年以来，二十多个省份把低空经济写入政府工作报告。无人机物流、低空旅游和空中交通项目陆续启动。",
            "民航部门新批准了十二条无人机航线，主要用于医疗样本和生鲜运输。飞行员说，低空通信基站的覆盖仍有盲区。",
            "低空飞行服务站提供气象、计划和监视服务，无人机企业按架次付费。专家提醒，低空飞行安全不能只靠补贴推动。",
        ],
    ),
    "医保": (
        ["医保目录新增九十种药品", "基层医院试行按病种付费", "医保个人账户改革进入第三年", "县级医院检查结果实现互认"],
        [
            "新版医保目录将九十种药品纳入报销范围，患者自付比例平均下降三成。医院须在一个月内完成采购。",
            "按病种付费的试点扩大到三百家基层医院，住院天数缩短一天半。医生担心，复杂病例的医保结算标准偏低。",
            "县级医院之间的检查结果开始互认，患者不必重复拍片。医保部门估计，全年可节省检查费用十二亿元。",
        ],
    ),
}
DIRT = ["责任编辑：王晓明", "版权所有 未经许可不得转载", "点击阅读全文", "来源：东海日报"]
HEADINGS = ["各方反应", "企业看法", "下一步安排", "专家观点"]
DATE = "2025-03-{:02d} 09:30"


def write(folder: Path) -> list[str]:
    """Twelve articles, one of them in GB18030; their titles in order of file names."""
    folder.mkdir()
    titles = []
    for theme, (heads, paragraphs) in THEMES.items():
        for number, head in enumerate(heads, start=1):
            titles.append(head)
            body = [f"{text}{head}一事，这是第{'一二三四'[number - 1]}次报道。" for text in paragraphs]
            lines = [
                head,
                f"{DATE.format(number)} 来源：东海日报",
                *body[:2],
                theme + HEADINGS[number - 1],
                body[2],
                *DIRT[:3],
            ]
            path = folder / f"{list(THEMES).index(theme)}{number}.txt"
            path.write_bytes("\n\n".join(lines).encode("gb18030" if path.name == "11.txt" else "utf-8"))
    return titles


def test_chinese_articles_become_clean_paragraphs_under_their_headings(tmp_path: Path) -> None:
    titles = write(tmp_path / "corpus")
    settings = CorpusSettings(path=str(tmp_path / "corpus"))
    corpus = build_corpus(settings, corpus_files(settings))
    assert column(corpus.documents, "title") == titles
    assert set(column(corpus.documents, "language")) == {"zh"}
    assert column(corpus.documents, "paragraphs") == [3] * 12
    assert column(corpus.paragraphs, "heading")[:3] == [titles[0], titles[0], "稀土各方反应"]
    text = "\n".join(column(corpus.paragraphs, "text"))
    for dirt in (*DIRT, "2025-03"):
        assert dirt not in text
    assert all(10 < words < 60 for words in column(corpus.paragraphs, "words"))  # words, not characters
    assert any("read as GB18030" in note for notes in column(corpus.documents, "notes") for note in notes)


def test_chinese_sentences_end_at_chinese_marks() -> None:
    text = "他说：“价格会跌。”没有人相信！真的吗？……答案在年底。"
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    assert sentences[0] == "他说：“价格会跌。”"
    assert sentences[1:3] == ["没有人相信！", "真的吗？……"] or sentences[1:3] == ["没有人相信！", "真的吗？"]
    assert "".join(sentences) == text


def test_a_chinese_study_has_chinese_labels_without_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "corpus")
    config = tmp_path / "study.yaml"
    blocks = ["name: zh", "corpus: {path: corpus}", "embed: {method: lsa}", "discover: {themes: 3}"]
    config.write_text("\n".join([*blocks, "codebook: null", "store: store"]))
    run = toolkit.run(config, out=tmp_path / "out")
    themes = run.themes[run.themes["theme"] >= 0]
    assert len(themes) == 3
    for label, keywords in zip(themes["label"], themes["keywords"], strict=True):
        assert re.search(r"[\u4e00-\u9fff]{2,}", label), label
        assert len(keywords) > 2 and all(len(word) > 1 for word in keywords)
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert all(label in page for label in themes["label"])
    assert "商务部门表示" in page


@pytest.mark.slow
def test_the_packaged_english_model_reads_no_chinese_and_says_what_does(tmp_path: Path) -> None:
    write(tmp_path / "corpus")
    config = tmp_path / "study.yaml"
    config.write_text("name: zh\ncorpus:\n  path: corpus\ncodebook: null\nstore: store\nembed: {method: minilm}\n")
    run = toolkit.run(config, out=tmp_path / "out")
    assert (run.paragraphs["theme"] == -1).all() and run.paragraphs["unread"].all()
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "does not read" in page and "lsa" in page
    with pytest.raises(ToolkitError, match="3 themes were asked for, and the model can read 0 of"):
        toolkit.run(config, out=tmp_path / "three", set={"discover.themes": 3})
