"""Who takes part: people listed in a transcript's head, or introduced there in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.records import Role, Span, Speaker
from index.words import dictionary

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓"
    "单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴郁胥能苍双闻莘党翟谭贡劳逄姬申扶堵"
    "冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东"
    "欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海"
    "付肖闫覃代邸苑晋楚佟仝寿"
    "鄢楼邝冼粟漆商丘迟牟苟佘庹郇綦揭麦阳区展敬岳覃栗兰隋谌朴衣辜尉郄雒亓蹇呙丛闾恽鹿矫揣"
    "贲虢芈郤麴麹佴苻谯禚殳眭笪镡檀荆官"
)
_DOUBLE = "段干|公良|司寇|亓官|巫马|谷梁|宰父|壤驷|东野|欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|锺离|长孙|宇文|司徒|司空|令狐|左丘|乐正|百里|呼延|拓跋|轩辕|淳于|鲜于|纳兰|完颜|叶赫|闾丘|东郭|南郭|西门|东门|贺兰|梁丘|公西|漆雕|羊舌|乌孙|即墨|第五(?![届条项个批次代种章节期位名阶部轮大年季版点步类])"
EMOJI = "\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d\U0001f300-\U0001faff"
HAN = "\u3400-\u9fff"
SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
NAME = rf"(?:(?:{_DOUBLE})[{HAN}]{{1,2}}|[{_SURNAMES}][{HAN}]{{1,2}}|[{HAN}]{{1,6}}(?:·[{HAN}]{{1,8}})+)"
POST = (
    r"(?:书记|支书|市长|省长|县长|区长|州长|镇长|乡长|村长|局长|部长|厅长|司长|处长|科长|庭长|院长|校长|园长|馆长|厂长|店长|行长|会长|社长|台长|署长|所长|站长|关长|船长|检察长|护士长|指挥长|总指挥|团长|班长|机长|秘书长|理事长|董事长|审判长|警长|参谋长|审计长|行政长官"
    r"|主席|主任|巡视员|调研员|发言人|专员|科员|委员|常委|总经理|经理|总裁|总工程师|总会计师|总监|主管|主编|教练|经济师|农艺师|研究员|教授|专家|负责人|代表|工程师|组长|队长|政委|司令员|会计师|会计|分析师|规划师|传承人|传人|统计师|检察官|法官|副总|顾问|参赞|大使|创始人|董事会秘书|董秘|董事|CEO|CFO|COO|CTO|秘书|助理|督学|审判员|特派员|民警|司令|总编辑|总编|领队|新闻官|院士|博士|大校|总师|畜牧师|兽医师|审计师|药师|医师|律师|首席\S{0,4})"
)
ADDRESS = r"(?:先生|女士|同志)"
_UNCOMMON = rf"(?![{HAN}]*{POST})[{HAN}]{{2,6}}"
"""A name that begins with no common surname (扎西多吉, 邝守真): only where its place shows it is one."""
MODERATORS = "主持人|主持|会议主持|主持人员|引场|串场|召集人|司仪"
_OFFICIALS = (
    "发布人员?|发布嘉宾|新闻发布人|发布|出席人员|出席嘉宾|出席领导|出席人|出席|参加人员|参加人|参加通报|参加|参会人员|参会嘉宾|与会人员|与会嘉宾"
    "|到会人员|到会|人员|发言人|新闻发言人|答问人员?|介绍人|主讲人|通报人员|通报人|通报|列席人员|列席答问|列席|嘉宾|特邀点评"
)
_THERE = rf"(?:公司)?(?:{_OFFICIALS})(?:[{HAN}]{{0,10}}(?:的?有|的?是|的?为|嘉宾|领导|人员|同志|名单|如下))?"
_HEADING = re.compile(
    rf"^(?:[【\[［](?P<boxed>[{HAN}、 \u3000]{{2,14}})[】\]］][：:]?|(?P<plain>[{HAN}、 \u3000]{{2,14}})(?:[：:]|——$)|(?P<alone>(?:{MODERATORS}|{_THERE}))(?=[ \u3000]|$))[ \u3000]*(?P<rest>.*)$"
)
_ASIDE = re.compile(
    r"时间|日期|日子|地点|地址|地方|会场|标题|翻译|速记|记录|整理|摄影|编辑|审核|校对|旁听|观众|听众|媒体|主办|承办|协办|来源"
)
PAGE = re.compile(r"^[—–-]{1,2} ?\d{1,3} ?[—–-]{1,2}$|^第 ?\d{1,3} ?页(?: ?[共/] ?\d{1,3} ?页?)?$")
_BREAK = re.compile(r"\n|(?<=[。！？”）])[ \u3000]+(?=[问答][：:])|\Z")
_MARK = re.compile(
    rf"^(?:[（(]?[\d一二三四五六七八九十]{{1,2}}[）)、.．]|[-•·●○◆■▎▌]|[{EMOJI}]+)[ \u3000]*(?=\S)"
)
_HELD = rf"[{HAN}A-Z、]+{POST}[{HAN}、]{{0,12}}(?:（[^）]*）)?"
_ROW = re.compile(
    rf"(?P<first>{NAME})(?:(?:[ \u3000，]+|——){_HELD}|（{_HELD}）)|{_HELD}：(?P<last>{NAME})"
)
_SUFFIX = re.compile(rf"[科处局部办院队市县区省厅司委组]$|{POST}$")
_REMARK = re.compile(r"（(?:男|女|[^）]*(?:岁|线上|视频|特请|特邀)[^）]*)）")
_HOSTS = re.compile(r"^主持人[为是由：:]|（主持人?）$|(?:担任|任)主持人?$")
_HOSTING = (
    r"(?:（主持）|主持(?:了?(?:本次|今天的|这次|本场)?(?:新闻)?(?:发布会|会议))?|招呼|引场|串场)"
)
_BEFORE_POST = r"^(?:出席|参加|到场|在场|在座)[^，。]{0,14}?(?:[有是为](?!关)|还有|包括)|(?<!申)请[到来]?了?|(?:先生|女士|同志)[、和]|^\S{0,8}(?<!自)由|^[\d年月]+日|^\S{0,6}[为是](?:我们|咱们)?|^(?:我们|咱们)的|^以及|^还有(?:一位是)?(?:来自[^、，]{2,4}的)?"
_PRESENTS = r"[，。].{0,8}(?:介绍.{0,6}(?:发布人|嘉宾)|到场|见面|出席|请到)"
_ROLES_TOO = r"并(?:通报|介绍|发布|回答|作|做)"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without the blanks around it."""

    span: Span
    text: str


def split_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text that are not blank; 问： and 答： begin one wherever they stand."""
    start = 0
    for match in _BREAK.finditer(text):
        whole = text[start : match.start()]
        if stripped := whole.strip():
            at = start + whole.index(stripped)
            yield Line(Span(at, at + len(stripped)), stripped)
        start = match.end()


def is_word(text: str, least: int) -> bool:
    """Tell whether the dictionary knows `text` as a word, met `least` times or more."""
    return (dictionary().FREQ.get(text) or 0) >= least


def is_name(text: str, least: int = 300) -> bool:
    """Tell whether `text` looks like a person's name and is no word met `least` times."""
    if not re.fullmatch(NAME, text) or _SUFFIX.search(text):
        return False
    return not any(is_word(part, least) for part in text.split("·") if len(part) > 1)


# --- the list in the head -----------------------------------------------------------------------


def find_listed(lines: Sequence[Line]) -> tuple[tuple[Speaker, ...], Span | None]:
    """Return the people listed under headings such as 发布人, and the span of that list."""
    people: list[Speaker] = []
    role: Role | None = None
    start: int | None = None
    end = carded = 0
    for at, line in enumerate(lines):
        if PAGE.match(line.text):
            continue
        if at < carded:
            end = line.span.end
            continue
        text = _MARK.sub("", re.sub(r"^（(.*)）$", r"\1", line.text))
        headings = _headings(text)
        if headings and people and not headings[0][1] and _says(lines[at + 1 : at + 2], role):
            break
        if headings and _opens(headings[0][0], text, people):
            break
        role = role or _unheaded(lines[at : at + 2])
        if headings is None:
            found = _people(text, role) if role and not text.endswith(("：", ":")) else []
            if role and not found and (card := _listed_card(text, lines[at + 1 : at + 2], role)):
                found, carded = [card], at + 2
            if people and not found:
                break
            role = role if found else None
        else:
            found, before = [], role
            for name, rest in headings:
                role, listed = _under(name, rest, before)
                found += listed
            if not found and role is None and _speaks(*headings[0], text, listed=bool(people)):
                break
        if found or (headings and (people or role)):
            start = line.span.start if start is None else start
            end = line.span.end
        people += [p for p in found if p.name not in {q.name for q in people}]
    return (tuple(people), Span(start or 0, end)) if people else ((), None)


def _opens(heading: str, text: str, listed: Sequence[Speaker]) -> bool:
    """Tell whether the name in front of a line is a label: they are listed, or sentences follow."""
    again = any(heading == person.name for person in listed)
    return again or (is_name(heading) and bool(re.search(r"[。！？]\S", text)))


def _unheaded(lines: Sequence[Line]) -> Role | None:
    """Tell that a list begins without a heading: two lines of a name, a gap and a post."""
    rows = [_ROW.fullmatch(_MARK.sub("", line.text)) for line in lines]
    named = [is_name(row["first"] or row["last"]) for row in rows if row]
    return "official" if len(named) == 2 and all(named) else None


def _listed_card(line: str, below: Sequence[Line], role: Role) -> Speaker | None:
    """Read a name on one line with its post on the next, or the post in front of the name."""
    pair = (line, below[0].text if below else "")
    for name, post in (pair, pair[::-1]):
        named = is_name(name) or (re.fullmatch(_UNCOMMON, name) and not is_word(name, 1))
        if named and re.fullmatch(rf"[{HAN}、（）·]*{POST}[{HAN}、（）·]*", post):
            return Speaker(name, role, post)
    return None


def _says(after: Sequence[Line], role: Role | None) -> bool:
    """Tell whether what follows an empty heading is somebody's words, not a list of people."""
    words = after[0].text if after else ""
    return bool(re.search(r"[。！？]", words)) and not _people(words, role or "official")


def _speaks(heading: str, rest: str, text: str, *, listed: bool) -> bool:
    """Tell whether what looks like a heading is the label of somebody who speaks."""
    if _ASIDE.search(heading):
        return False
    said = bool(re.search(r"[。！？]", text))
    named = is_name(heading) and (said or not rest)
    return named or heading.endswith("记者") or (listed and (said or not rest))


def _headings(text: str) -> list[tuple[str, str]] | None:
    """Split `heading：words；heading：words` into its pairs, however they are set apart."""
    pairs: list[tuple[str, str]] = []
    for piece in re.split(rf"[；;｜|。 \u3000]+(?=[{HAN}]{{2,8}}[：:])", text):
        match = _HEADING.match(piece.strip())
        if not match or (match["alone"] and "：" in match["rest"]):
            return pairs or None
        name = match["boxed"] or match["plain"] or match["alone"]
        pairs.append((re.sub(r"\s", "", name), match["rest"]))
    return pairs


def _under(heading: str, rest: str, before: Role | None) -> tuple[Role | None, list[Speaker]]:
    """Return the role of those on the lines below a heading, and the people on its own line.

    An aside gives none; whoever follows a moderator named on that line is an official.
    """
    if _ASIDE.search(heading):
        return None, []
    if (
        before
        and is_name(heading)
        and re.fullmatch(rf"[^。！？（）\s]*{POST}[^。！？（）\s]{{,12}}", rest)
    ):
        return before, [Speaker(heading, before, rest)]
    if before and re.search(POST, heading) and re.fullmatch(rf"{NAME}|{_UNCOMMON}", rest):
        return before, [Speaker(rest, before, heading)]
    role: Role = "unknown" if heading.endswith("代表") else "official"
    role = "moderator" if re.fullmatch(rf"[{HAN}]{{0,4}}(?:{MODERATORS})", heading) else role
    expected = role != "official" or bool(re.fullmatch(_THERE, heading))
    if not rest:
        return (role if expected else None), []
    people = _people(rest, role)
    told = rest.removesuffix("。")
    if expected and not people and "。" not in told:
        match = re.match(rf"^(?P<title>[^\s，；]{{2,60}}?)??(?P<name>{NAME})$", told)
        if match and is_name(match["name"], 100):
            people = [Speaker(match["name"], role, match["title"])]
    posts = [p for p in people if re.search(POST, p.title or "")]
    if not expected and (not posts or len(posts) < len(people) == 1):
        people = []
    return ("official" if people else None), people


def _people(text: str, role: Role) -> list[Speaker]:
    """Read one person or several."""
    whole, text = text, _REMARK.sub("", text.removesuffix("。"))
    if re.search(r"[。！？]", text) or len(text) > 400:
        return []
    apart = [_person(piece, role) for piece in text.split("\u3000")]
    if len(apart) > 1 and all(apart):
        return [person for person in apart if person]
    found: list[Speaker] = []
    for group in re.split(rf"[；;｜|／]|(?<=\S)[，、] ?(?=(?!{POST}){NAME}[ \u3000（])", text):
        person = _person(group, role)
        several = [person] if person else _several(group, role)
        if not several and not found:
            return []
        found += several
    return [] if whole.endswith("。") and len(found) < 2 else found


def _several(text: str, role: Role) -> list[Speaker]:
    """Read `post name、post name`, where a post may itself contain the mark between people."""
    found: list[Speaker] = []
    post = ""
    for piece, mark in re.findall(r"([^，、,]+)([，、,]?)", text):
        post += piece
        person = _person(post, role, named_first=False)
        person = person or _loose(post, mark, role)
        if person:
            found.append(person)
            post = ""
        else:
            post += mark
    return [] if post else found


def _loose(text: str, mark: str, role: Role) -> Speaker | None:
    """Read `post name` where the mark behind has to tell that the name ends there."""
    common = re.match(rf"^(?P<title>.{{2,}})(?P<name>{SURNAME}[{HAN}]{{2}})$", text)
    if common and mark and is_name(common["name"], 1):
        return Speaker(common["name"], role, common["title"])
    rare = re.match(rf"^(?P<title>.+{POST})(?P<name>(?![级兼]){_UNCOMMON})$", text)
    if rare is None or mark == "、" or len(rare["name"]) != 3:
        return None
    word = is_word(rare["name"], 1) or _SUFFIX.search(rare["name"])
    return None if word else Speaker(rare["name"], role, rare["title"])


def _person(text: str, role: Role, *, named_first: bool = True) -> Speaker | None:
    """Read `name post`, `name：post` or `name（post）` where that order may be, or `post name`."""
    text = re.sub(rf"{ADDRESS}$", "", text.strip(" \u3000，、"))
    if (shown := _HOSTS.sub("", text)) != text:
        text, role = shown, "moderator"
    before = (
        rf"^(?P<name>{NAME})（(?P<title>[^）]+)）",
        rf"^(?P<name>(?![{HAN}]*{POST})[{HAN}]{{2,4}})（(?P<title>[^）]*{POST})）$",
        rf"^(?P<name>{NAME})(?:[\s：:，、]+|——)(?P<title>\S.*)$",
    )
    if within := re.match(rf"^(?P<body>\S{{3,}})\s+(?P<name>{NAME})\s+(?P<post>\S*{POST})$", text):
        text = f"{within['body']}{within['post']} {within['name']}"
    if beside := re.match(rf"^(?P<title>\S*{POST})\s+(?P<name>{NAME})（(?P<other>[^）]+)）$", text):
        text = f"{beside['title']}、{beside['other']} {beside['name']}"
    after = (
        rf"^(?P<title>.*\S)[\s：:，]+(?P<name>{NAME})$",
        rf"^(?P<name>{_UNCOMMON})(?:\s+|——)(?P<title>.*{POST}\S{{0,8}})$",
        rf"^(?P<title>.*{POST})[\s：]+(?P<name>{_UNCOMMON})$",
        rf"^(?P<title>.*{POST})(?P<name>{NAME})$",
    )
    for pattern in before + after if named_first else after:
        match = re.match(pattern, text)
        if not match or len(match["title"]) > 60 or not re.search(f"[{HAN}]", match["title"]):
            continue
        name, title = match["name"], re.sub(r"\s+", " ", match["title"].strip())
        if re.fullmatch(NAME, name) and not is_name(name, 3000):
            continue
        inside = re.finditer(rf"(?:{POST}|\s)\s*(?P<name>{SURNAME}[{HAN}]{{1,2}})[，、]", title)
        apart = re.search(
            rf"(?:{POST}\s+(?:[{HAN}·]{{2,20}}|[A-Za-z. ]{{2,30}})|{ADDRESS})[，、]", title
        )
        if not apart and not any(is_name(other["name"]) for other in inside):
            hosts = re.search(rf"(?:^|[、兼])(?:{MODERATORS})$", title)
            posted = role == "unknown" and re.search(rf"{POST}$", title)
            given: Role = "official" if posted else role
            return Speaker(name, "moderator" if hosts else given, title)
    return None


# --- sentences that introduce people ------------------------------------------------------------


_START, _WORDS = r"(?:^|[，。；：！？（【】]|请)", r"[^，。；：！？\n（）【】［］\[\]]"
_TOLD = tuple(
    (re.compile(rf"{before}\Z", re.MULTILINE), re.compile(behind))
    for before, behind in (
        (
            rf"{_START}(?P<title>{_WORDS}{{2,60}}?{POST})"
            rf"(?:[ \u3000]?|(?:{NAME}| ?[A-Z][A-Za-z. ]+)（)",
            r"(?![：:])",
        ),
        (rf"{_START}(?P<title>{_WORDS}?{POST})", r"(?![：:])"),
        (rf"{_START}(?P<title>主持人[是为]{_WORDS}{{2,30}}?)", r"[，。；]"),
        (rf"由(?P<title>{_WORDS}{{2,30}}?)", r"主持"),
    )
)
"""What stands before a name and behind it where a sentence tells the post."""
_IN_A_ROW = re.compile(r"[、，。；]|和|出席|参加")
_REACH = 100


def _told(label: str, others: re.Pattern[str], text: str) -> tuple[re.Match[str], int] | None:
    """Find what a sentence puts in front of a name, and where the name ends.

    That is a post, or whatever stands between the name and one of `others` in a row.
    """
    ends = [match.end() for match in re.finditer(re.escape(label), text)]
    for before, behind in (*_TOLD, (others, _IN_A_ROW)):
        for end in ends:
            at = end - len(label)
            match = before.search(text, max(0, at - _REACH), at)
            if match and behind.match(text, end):
                return match, end
    return None


def find_introduced(
    text: str, labels: Mapping[str, str], listed: Sequence[Speaker] = ()
) -> dict[str, Speaker]:
    """Return people whom the head's sentences introduce by post and name.

    `labels` are names in front of somebody's words, with the posts given there: the surname of
    such a person may be a rare one. Of two titles the longer is kept. Who hosts alone, with no
    official told or `listed`, is the official.
    """
    found: dict[str, Speaker] = {}
    pattern = rf"(?:邀请到?|请[来到出]?了?|[：；、，])(?:以及)?(?P<title>[{HAN}]{{2,30}}?{POST})(?P<name>{NAME})(?=先生|女士|同志|，|。|；|介绍|主持|出席|向)"
    for match in re.finditer(pattern, text):
        if "的" not in match["name"] and is_name(match["name"]):
            found.setdefault(match["name"], Speaker(match["name"], "official", match["title"]))
    pattern = rf"(?:^|[。；，由])(?P<title>[{HAN}]{{2,20}}{POST})(?P<name>{NAME})主持(?:会议|发布会)?(?=[，。；]|$)"
    for match in re.finditer(pattern, text, re.MULTILINE):
        if is_name(match["name"]):
            title = re.split(_BEFORE_POST, match["title"])[-1]
            found.setdefault(match["name"], Speaker(match["name"], "moderator", title))
    pattern = rf"(?:请|由|是)?(?P<title>[{HAN}]{{2,20}}发言人)(?P<name>{NAME})(?=主持|介绍|向|就|在|，|。)"
    for match in re.finditer(pattern, text):
        title = re.split(_BEFORE_POST, match["title"])[-1]
        found.setdefault(match["name"], Speaker(match["name"], "official", title))
    others = "|".join(re.escape(label) for label in labels)
    row = re.compile(rf"(?:{others})[、，](?P<title>[{HAN}《》“”]{{2,20}})\Z")
    split = re.compile(rf"{_BEFORE_POST}|(?:{others})[、和]?(?:以及)?")
    for label, post in labels.items():
        found_at = None if is_word(label, 1000) else _told(label, row, text)
        if found_at is None:
            continue
        told, end = found_at
        after = text[end : end + 16].partition("\n")[0]
        hosts = (
            "主持人" in told["title"]
            or text[: told.start("title")].endswith(("【主持】", "【主持人】"))
            or re.match(rf"{_HOSTING}(?!人|{_ROLES_TOO})(?:[，。；]|$)", after)
            or ("我是" in told["title"] and re.match(_PRESENTS, after))
        )
        title = max(split.split(told["title"])[-1], post, key=len)
        found[label] = Speaker(label, "moderator" if hosts else "official", title)
    if not any(p.role == "official" for p in (*found.values(), *listed)):
        spoke = {name: replace(p, role="official") for name, p in found.items() if name in labels}
        return found | spoke
    return found
