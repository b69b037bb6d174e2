#include "pixmgr/kanji.h"

#include "base/rc.h"
#include "pixmgr/letters.h"

#include <pthread.h>
#include <stdlib.h>

#define VARIANTS_MAX 512

/* The everyday form first, its variants behind it. Families confuse 斉 and 斎 as well, so those are one here. */
static const char *const groups[] = {
    "高髙",     "崎﨑嵜碕", "辺邊邉",   "斎齋斉齊", "島嶋嶌",   "沢澤",     "広廣",       "国國",       "浜濱濵",
    "滝瀧",     "渋澁",     "桜櫻",     "条條",     "曽曾",     "会會",     "真眞",       "瀬瀨",       "竜龍",
    "桧檜",     "富冨",     "薮藪籔",   "芦蘆",     "塩鹽",     "児兒",     "亀龜",       "与與",       "吉𠮷",
    "栄榮",     "恵惠",     "徳德",     "清淸",     "凛凜",     "弥彌",     "礼禮\uFA18", "寿壽",       "実實",
    "頼賴",     "済濟",     "楽樂",     "伝傳",     "関關",     "円圓",     "応應",       "豊豐",       "蔵藏",
    "荘莊",     "峰峯",     "野埜",     "涼凉",     "槙槇",     "遥遙",     "尭堯",       "巌巖",       "穣穰",
    "亜亞",     "穂穗",     "静靜",     "黒黑",     "鴎鷗",     "神\uFA19", "福\uFA1B",   "塚\uFA10",   "桑桒",
    "柳栁桺",   "間閒",     "祐\uFA4F", "渚\uFA46", "祥\uFA1A", "朗\uF929", "隆\uF9DC",   "館舘\uFA2C", "鉄鐵鐡",
    "稲稻",     "緑綠",     "緒緖",     "仏佛",     "万萬",     "来來",     "勲勳",       "巻卷",       "壮壯",
    "増增",     "奥奧",     "尚尙",     "岳嶽",     "彦彥",     "恒恆",     "慎愼",       "収收",       "叙敍敘",
    "晋晉",     "暁曉",     "様樣",     "横橫",     "歩步",     "毎每",     "気氣",       "画畫",       "当當",
    "並竝",     "経經",     "県縣",     "聡聰",     "声聲",     "芸藝",     "薬藥",       "衛衞",       "覚覺",
    "譲讓",     "郎郞",     "郷鄕",     "鎮鎭",     "青靑",     "顕顯",     "麦麥",       "黄黃",       "壷壺",
    "蕊蘂",     "桝枡",     "靭靱",     "飯\uFA2A", "諸\uFA22", "都\uFA26", "晴\uFA12",   "益\uFA17",   "精\uFA1D",
    "逸\uFA25", "猪\uFA16", "琢\uFA4A", "祈\uFA4E", "禎\uFA52", "穀\uFA54", "節\uFA56",   "練\uFA57",   "繁\uFA59",
    "者\uFA5B", "敏\uFA41", "海\uFA45", "梅\uFA44", "杉杦",     "松枩",     "船舩",       "隣鄰",       "秋秌龝",
    "春萅",     "世丗卋",   "岡崗",     "ケヶ",     "カヵ",     "教敎",     "禅禪",       "誉譽",       "検檢",
    "処處",     "尽盡",     "帯帶",     "蛍螢",     "渓溪",     "鶏鷄",     "宝寶寳",     "羽\uFA1E",   "浅淺",
    "践踐",     "満滿",     "湾灣",     "蛮蠻",     "覧覽",     "厳嚴",     "弁辨瓣辯",   "予豫",       "余餘",
    "台臺",     "双雙",     "鋭銳",     "悦悅",     "説說",     "税稅",     "脱脫",       "閲閱",       "戸戶",
    "産產",     "録錄",     "禄祿",     "壱壹",     "弐貳",     "参參",     "欧歐",       "殴毆",       "旧舊",
    "髪髮",     "翠翆",     "靖\uFA1C", "鶴\uFA2D",
};

struct variant {
    uint32_t from, to;
};

static struct variant variants[VARIANTS_MAX];
static size_t variant_count;

static int by_from(const void *a, const void *b)
{
    uint32_t x = ((const struct variant *)a)->from, y = ((const struct variant *)b)->from;

    return (x > y) - (x < y);
}

static void variants_read(void)
{
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        uint32_t plain, c;
        for (const char *p = groups[i] + letter_read(groups[i], &plain); *p != '\0';) {
            p += letter_read(p, &c);
            if (variant_count == VARIANTS_MAX)
                die("kanji: more variants than there is room for");
            variants[variant_count++] = (struct variant){ c, plain };
        }
    }
    qsort(variants, variant_count, sizeof(*variants), by_from);
}

uint32_t kanji_plain(uint32_t c)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct variant wanted = { .from = c };

    if (c < 0x3000)
        return c;
    pthread_once(&once, variants_read);
    const struct variant *v = bsearch(&wanted, variants, variant_count, sizeof(*variants), by_from);
    return v == NULL ? c : v->to;
}
