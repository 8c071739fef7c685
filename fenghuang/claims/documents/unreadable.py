"""Why a file cannot be read, in one sentence for the person who handed it in."""

from __future__ import annotations

_SENTENCES = {
    "empty": (
        "文件是空的，请检查后重新上传。",
        "The file is empty. Check it and hand it in again.",
    ),
    "no_text": (
        "文件里没有文字，请换一份有文字的文件。",
        "The file holds no text. Hand in one with text.",
    ),
    "too_large": (
        "文件超过{most}MB，请删去图片或拆成几份后再上传。",
        "The file is larger than {most} MB. Take out the pictures or split it.",
    ),
    "too_long": (
        "文字超过{most}万字，请拆成几份后再上传。",
        "The text is longer than {most}0,000 characters. Split it.",
    ),
    "too_many_pages": (
        "文件超过{most}页，请拆成几份后再上传。",
        "The file has more than {most} pages. Split it.",
    ),
    "unpacks_too_large": (
        "文件解压后过大，可能已损坏，请另存一份不带图片的再上传。",
        "The file unpacks to far too much. Save a copy without pictures and hand that in.",
    ),
    "damaged": (
        "文件已损坏或不完整，打不开，请重新另存一份再上传。",
        "The file is damaged or cut short. Save it anew and hand that in.",
    ),
    "undecodable": (
        "认不出文件的文字编码，请用UTF-8编码另存为文本文件再上传。",
        "The characters cannot be decoded. Save the text as UTF-8 and hand that in.",
    ),
    "encrypted": (
        "文件设有打开密码，请去掉密码后再上传。",
        "The file is protected by a password. Remove it and hand the file in again.",
    ),
    "old_word": (
        "这是旧版Word或WPS文件（.doc、.wps），请另存为.docx再上传。",
        "This is an old Word or WPS file (.doc, .wps). Save it as .docx.",
    ),
    "strict_word": (
        "这是“严格Open XML”格式的Word文件，请另存为普通的.docx再上传。",
        "This is a Strict Open XML document. Save it as an ordinary .docx.",
    ),
    "rich_text": (
        "这是RTF文件，请另存为.docx再上传。",
        "This is a rich text file (RTF). Save it as .docx.",
    ),
    "sheet": (
        "这是电子表格，不是报告文本，请上传Word、PDF、网页或文本文件。",
        "This is a spreadsheet. Hand in a Word, PDF, web or text file.",
    ),
    "slides": (
        "这是演示文稿，不是报告文本，请上传Word、PDF、网页或文本文件。",
        "These are slides. Hand in a Word, PDF, web or text file.",
    ),
    "ofd": (
        "这是OFD版式文件，请另存为PDF或Word再上传。",
        "This is an OFD file. Save it as PDF or Word.",
    ),
    "picture": (
        "这是图片，里面没有文字，请上传原来的文字文件。",
        "This is a picture, without text. Hand in the text file it was made from.",
    ),
    "archive": (
        "这是压缩包，请解压后逐个上传。",
        "This is an archive. Unpack it and hand in the files one by one.",
    ),
    "scanned": (
        "这份PDF是扫描件，里面只有图片没有文字，请上传原来的文字文件。",
        "This PDF is a scan, pictures without text. Hand in the text file it was made from.",
    ),
    "pdf_without_characters": (
        "这份PDF的字体没有文字编码，复制出来是乱码，请上传原来的Word文件。",
        "The fonts of this PDF name no characters. Hand in the Word file it was made from.",
    ),
    "unknown": (
        "认不出这是什么文件，请上传Word（.docx）、PDF、网页或文本文件。",
        "This kind of file is not known. Hand in a Word (.docx), PDF, web or text file.",
    ),
}


class Unreadable(Exception):
    """A file that cannot be read. `code` is stable; the sentences say why and what to do next.

    >>> Unreadable("too_large", most=20).chinese
    '文件超过20MB，请删去图片或拆成几份后再上传。'
    """

    def __init__(self, code: str, most: int | None = None) -> None:
        super().__init__(code)
        chinese, english = _SENTENCES[code]
        self.code = code
        self.chinese = chinese.format(most=most)
        self.english = english.format(most=most)

    def __str__(self) -> str:
        return self.english
